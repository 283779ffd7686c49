/** Traces by OpenTelemetry, whose classes are loaded only where somebody asks for traces. */
@NullMarked
package io.tunetrail.operator.tracing;

import org.jspecify.annotations.NullMarked;
