/**
 * Backups: when they are due, the CronJob that makes them, what its pods do, how it went, and
 * whether what they made can be restored.
 */
@NullMarked
package io.tunetrail.operator.backup;

import org.jspecify.annotations.NullMarked;
