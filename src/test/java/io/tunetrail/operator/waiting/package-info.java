@NullMarked
package io.tunetrail.operator.waiting;

import org.jspecify.annotations.NullMarked;
