/** Telling others of what happens, by CloudEvents over a signed webhook. */
@NullMarked
package io.tunetrail.operator.notification;

import org.jspecify.annotations.NullMarked;
