/** How healthy a database is, by what the last look at it found; and who may ask. */
@NullMarked
package io.tunetrail.operator.health;

import org.jspecify.annotations.NullMarked;
