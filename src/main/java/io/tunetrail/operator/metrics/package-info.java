/**
 * What Prometheus is told, by Micrometer: of each resource while it is there and this operator
 * leads, of the looks and works of all of them, and of the process. No label holds what a user
 * wrote, but for names, and each series goes with its resource.
 */
@NullMarked
package io.tunetrail.operator.metrics;

import org.jspecify.annotations.NullMarked;
