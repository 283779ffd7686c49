package io.tunetrail.operator.cli;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What a person adds to an approval. */
final class ApprovalTerms {
  @Option(names = "--comment", paramLabel = "TEXT", description = "Kept with the approval.")
  @Nullable String comment;

  @Option(
      names = "--destructive",
      description = "Also where the plan removes or rewrites what is there.")
  boolean destructive;

  @Option(
      names = "--not-before",
      paramLabel = "TIME",
      converter = Moments.class,
      description = "Nothing is started earlier: 2026-11-27T22:00:00Z, or from now on 2h.")
  @Nullable Instant notBefore;

  @Option(
      names = "--not-after",
      paramLabel = "TIME",
      converter = Moments.class,
      description = "Nothing is started later; likewise.")
  @Nullable Instant notAfter;

  /** Refuses bounds in which nothing could be started. */
  void check(CommandSpec spec, Instant now) {
    if (notAfter == null) {
      return;
    }
    if (!notAfter.isAfter(now)) {
      throw new ParameterException(spec.commandLine(), "--not-after is over: " + notAfter);
    }
    if (notBefore != null && !notBefore.isBefore(notAfter)) {
      throw new ParameterException(
          spec.commandLine(),
          "--not-before %s is not earlier than --not-after %s".formatted(notBefore, notAfter));
    }
  }
}
