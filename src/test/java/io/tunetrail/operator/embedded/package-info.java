/**
 * The embedded tier: the real operator against a stand-in for the Kubernetes API, the containers of
 * its Jobs as local processes, and a real PostgreSQL. It shows that the parts are wired together;
 * what server-side apply, CEL, RBAC, admission and garbage collection really do is shown on a real
 * cluster only.
 */
@NullMarked
package io.tunetrail.operator.embedded;

import org.jspecify.annotations.NullMarked;
