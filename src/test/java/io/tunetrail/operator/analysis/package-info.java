@NullMarked
package io.tunetrail.operator.analysis;

import org.jspecify.annotations.NullMarked;
