/** Restores: whether one may begin, what became of it, whether it is tried again. Pure. */
@NullMarked
package io.tunetrail.operator.restore;

import org.jspecify.annotations.NullMarked;
