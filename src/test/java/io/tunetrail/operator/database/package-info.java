@NullMarked
package io.tunetrail.operator.database;

import org.jspecify.annotations.NullMarked;
