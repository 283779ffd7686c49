@NullMarked
package io.tunetrail.operator.tracing;

import org.jspecify.annotations.NullMarked;
