/**
 * The work that Jobs do: the order they are given, the roles that carry it out under the fence, and
 * the report they leave.
 */
@NullMarked
package io.tunetrail.operator.migration;

import org.jspecify.annotations.NullMarked;
