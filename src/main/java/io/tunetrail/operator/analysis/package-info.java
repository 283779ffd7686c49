/** What a plan's statements mean for the database and those who use it. Pure. */
@NullMarked
package io.tunetrail.operator.analysis;

import org.jspecify.annotations.NullMarked;
