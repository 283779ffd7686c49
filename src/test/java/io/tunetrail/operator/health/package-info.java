@NullMarked
package io.tunetrail.operator.health;

import org.jspecify.annotations.NullMarked;
