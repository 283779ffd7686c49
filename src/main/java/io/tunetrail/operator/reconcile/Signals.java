package io.tunetrail.operator.reconcile;

import io.tunetrail.operator.health.HealthQuestion;
import io.tunetrail.operator.health.LastLooks;
import io.tunetrail.operator.metrics.OperatorMetrics;
import io.tunetrail.operator.notification.Notice;
import io.tunetrail.operator.tracing.Spans;
import java.util.function.Consumer;

/**
 * Who is told, beside the status and Kubernetes' Events, of what is seen and done.
 *
 * @param health asks for what the caches hold
 * @param notices takes what others are told of; never waits
 * @param spans where time goes
 */
public record Signals(
    OperatorMetrics metrics,
    LastLooks looks,
    HealthQuestion health,
    Consumer<Notice> notices,
    Spans spans) {}
