/**
 * The decision. Desired and observed state in, a plan out; no client, no clock, no SQL, so that
 * every rule is a row of a table.
 */
@NullMarked
package io.tunetrail.operator.lifecycle;

import org.jspecify.annotations.NullMarked;
