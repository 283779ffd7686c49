/**
 * From a plan to the status that users read. Pure: the same plan gives the same status, so that
 * nothing is written when nothing changed.
 */
@NullMarked
package io.tunetrail.operator.status;

import org.jspecify.annotations.NullMarked;
