/**
 * The sidecar beside a user's own image: it holds the database's lock while the image's program
 * works, watches over what that program does to the database, and notes how it ended. Promises that
 * the program runs only under the lock, and that nothing of it goes on after the lock is gone.
 */
@NullMarked
package io.tunetrail.operator.guard;

import org.jspecify.annotations.NullMarked;
