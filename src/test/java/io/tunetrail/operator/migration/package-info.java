@NullMarked
package io.tunetrail.operator.migration;

import org.jspecify.annotations.NullMarked;
