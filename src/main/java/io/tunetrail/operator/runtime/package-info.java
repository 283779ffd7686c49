/**
 * The process around the reconciler: configuration from the environment, health over HTTP,
 * leadership.
 */
@NullMarked
package io.tunetrail.operator.runtime;

import org.jspecify.annotations.NullMarked;
