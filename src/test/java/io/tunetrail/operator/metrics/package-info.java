@NullMarked
package io.tunetrail.operator.metrics;

import org.jspecify.annotations.NullMarked;
