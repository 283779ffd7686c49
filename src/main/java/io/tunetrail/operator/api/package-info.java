/**
 * The custom resource as records: what a user may write and what the operator answers. Unknown
 * fields are ignored, so that an older operator survives a newer CRD.
 */
@NullMarked
package io.tunetrail.operator.api;

import org.jspecify.annotations.NullMarked;
