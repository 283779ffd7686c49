/**
 * What a plan's statements mean for the database and those who use it. Values and decisions; but
 * for squawk, which is run as a program, nothing is read and nothing written.
 */
@NullMarked
package io.tunetrail.operator.analysis;

import org.jspecify.annotations.NullMarked;
