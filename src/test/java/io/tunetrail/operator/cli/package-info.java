@NullMarked
package io.tunetrail.operator.cli;

import org.jspecify.annotations.NullMarked;
