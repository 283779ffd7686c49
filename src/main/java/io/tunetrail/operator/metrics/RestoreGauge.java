package io.tunetrail.operator.metrics;

import io.micrometer.core.instrument.Tags;
import io.tunetrail.operator.api.RestorePhase;
import io.tunetrail.operator.api.TuneTrailRestore;
import io.tunetrail.operator.api.TuneTrailRestoreStatus;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Something that is told of each restore, until its resource is deleted; times are seconds since
 * 1970.
 *
 * @param metric Micrometer's name, of which Prometheus' is made
 * @param samples none where nothing is known
 */
record RestoreGauge(
    String metric, String help, Function<TuneTrailRestore, Stream<Sample>> samples) {
  static final List<RestoreGauge> ALL =
      List.of(
          new RestoreGauge(
              "tunetrail.restore.phase",
              "Where a restore stands: 1 for the phase that it is in, 0 for the others.",
              it -> status(it).flatMap(RestoreGauge::phases)),
          new RestoreGauge(
              "tunetrail.restore.condition",
              "A condition of a restore's status: 1 True, 0 False.",
              it ->
                  status(it)
                      .flatMap(status -> Stream.ofNullable(status.conditions()))
                      .flatMap(List::stream)
                      .flatMap(Sample::condition)),
          new RestoreGauge(
              "tunetrail.restore.created.timestamp.seconds",
              "When a restore was asked for.",
              it -> Sample.time(it.getMetadata().getCreationTimestamp())),
          new RestoreGauge(
              "tunetrail.restore.finished.timestamp.seconds",
              "When a restore ended, well or not; without a value before.",
              it ->
                  status(it)
                      .filter(RestoreGauge::isOver)
                      .flatMap(status -> Sample.time(status.finished()))));

  Stream<Sample> of(TuneTrailRestore restore) {
    return samples.apply(restore);
  }

  private static Stream<TuneTrailRestoreStatus> status(TuneTrailRestore restore) {
    return Stream.ofNullable(restore.getStatus());
  }

  private static Stream<Sample> phases(TuneTrailRestoreStatus status) {
    var current = status.phase();
    return current == null
        ? Stream.empty()
        : Stream.of(RestorePhase.values())
            .map(it -> Sample.of(Tags.of("phase", it.toString()), it == current ? 1 : 0));
  }

  /** What is tried again has ended only in between. */
  private static boolean isOver(TuneTrailRestoreStatus status) {
    return status.phase() != null && status.phase().isLast();
  }
}
