@NullMarked
package io.tunetrail.operator.engine;

import org.jspecify.annotations.NullMarked;
