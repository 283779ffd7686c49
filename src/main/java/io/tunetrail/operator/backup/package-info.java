/** Backups: when they are due, the CronJob that makes them, what its pods do, and how it went. */
@NullMarked
package io.tunetrail.operator.backup;

import org.jspecify.annotations.NullMarked;
