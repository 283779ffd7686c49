@NullMarked
package io.tunetrail.operator.restore;

import org.jspecify.annotations.NullMarked;
