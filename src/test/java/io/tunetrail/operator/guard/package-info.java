@NullMarked
package io.tunetrail.operator.guard;

import org.jspecify.annotations.NullMarked;
