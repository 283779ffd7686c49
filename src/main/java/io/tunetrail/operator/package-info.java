/** The program: one jar whose first argument picks the role. */
@NullMarked
package io.tunetrail.operator;

import org.jspecify.annotations.NullMarked;
