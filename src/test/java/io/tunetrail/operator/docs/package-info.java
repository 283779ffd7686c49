@NullMarked
package io.tunetrail.operator.docs;

import org.jspecify.annotations.NullMarked;
