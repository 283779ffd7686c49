@NullMarked
package io.tunetrail.operator.backup;

import org.jspecify.annotations.NullMarked;
