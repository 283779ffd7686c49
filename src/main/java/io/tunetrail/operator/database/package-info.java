/**
 * The only package that talks SQL for the operator and the runners: connection settings, the
 * read-only look, the fence and the history table.
 */
@NullMarked
package io.tunetrail.operator.database;

import org.jspecify.annotations.NullMarked;
