@NullMarked
package io.tunetrail.operator.notification;

import org.jspecify.annotations.NullMarked;
