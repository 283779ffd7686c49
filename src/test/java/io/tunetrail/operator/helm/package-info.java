/** The chart in helm/ against what the rest of the repository says. */
@NullMarked
package io.tunetrail.operator.helm;

import org.jspecify.annotations.NullMarked;
