/** What several tiers' tests stand on: a real PostgreSQL with real TLS, and specs in short. */
@NullMarked
package io.tunetrail.operator.testing;

import org.jspecify.annotations.NullMarked;
