/**
 * The role for an application's init container: it waits until the database has a version, with the
 * application's own credentials, and changes nothing.
 */
@NullMarked
package io.tunetrail.operator.waiting;

import org.jspecify.annotations.NullMarked;
