package io.tunetrail.operator.migration;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tunetrail.operator.backup.BackupReport;
import io.tunetrail.operator.backup.RestoreReport;
import io.tunetrail.operator.backup.VerificationReport;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a Job's pod says of its work, in its termination message: compact JSON of at most {@value
 * #MAX_BYTES} bytes.
 *
 * @param from the version before; null before the first and for create-all
 * @param to the version after
 * @param message what happened, for the person who must act, free of secrets; null when done
 * @param started RFC 3339
 * @param finished RFC 3339
 * @param backup what a backup made; null for other works and where it made none
 * @param verification what a backup was restored to; null for other works and where it was not
 * @param restore what a restore made; null for other works and where it made nothing
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Report(
    Outcome outcome,
    @Nullable String from,
    @Nullable String to,
    int applied,
    @Nullable String message,
    @Nullable String started,
    @Nullable String finished,
    @Nullable BackupReport backup,
    @Nullable VerificationReport verification,
    @Nullable RestoreReport restore) {

  /** Of any work that has nothing to do with backups. */
  public Report(
      Outcome outcome,
      @Nullable String from,
      @Nullable String to,
      int applied,
      @Nullable String message,
      @Nullable String started,
      @Nullable String finished) {
    this(outcome, from, to, applied, message, started, finished, null, null, null);
  }

  /** Kubernetes keeps so many bytes of a container's termination message. */
  public static final int MAX_BYTES = 4096;

  /** JSON of at most {@value #MAX_BYTES} bytes; the message is cut where it must be. */
  public String toJson() {
    var json = write(this);
    var shortened = message == null ? "" : message;
    while (json.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES && !shortened.isEmpty()) {
      int excess = json.getBytes(StandardCharsets.UTF_8).length - MAX_BYTES;
      shortened = cut(shortened, Math.max(1, excess / 6));
      json =
          write(
              new Report(
                  outcome,
                  from,
                  to,
                  applied,
                  shortened + "…",
                  started,
                  finished,
                  backup,
                  verification,
                  restore));
    }
    return json;
  }

  /** One line for a log. */
  public String summary() {
    return "%s (exit code %d): from %s to %s, %d applied%s"
        .formatted(
            outcome.text(),
            outcome.exitCode(),
            Objects.requireNonNullElse(from, "none"),
            Objects.requireNonNullElse(to, "none"),
            applied,
            message == null ? "" : ": " + message);
  }

  /** The report in a termination message; empty where there is none, as after a kill. */
  public static Optional<Report> parse(@Nullable String terminationMessage) {
    if (terminationMessage == null || !terminationMessage.startsWith("{")) {
      return Optional.empty();
    }
    try {
      return Optional.of(Reader.JSON.readValue(terminationMessage, Report.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Never ends in half of a surrogate pair, which would not be valid UTF-8. */
  private static String cut(String text, int chars) {
    int end = Math.max(0, text.length() - chars);
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  /** Field by field: binding by reflection would cost a short Job more than its work. */
  private static String write(Report report) {
    var json = new StringWriter();
    try (var generator = new JsonFactory().createGenerator(json)) {
      generator.writeStartObject();
      generator.writeStringField("outcome", report.outcome().name());
      write(generator, "from", report.from());
      write(generator, "to", report.to());
      generator.writeNumberField("applied", report.applied());
      write(generator, "message", report.message());
      write(generator, "started", report.started());
      write(generator, "finished", report.finished());
      if (report.backup() != null) {
        generator.writeFieldName("backup");
        write(generator, report.backup());
      }
      if (report.verification() != null) {
        generator.writeFieldName("verification");
        write(generator, report.verification());
      }
      if (report.restore() != null) {
        generator.writeFieldName("restore");
        write(generator, report.restore());
      }
      generator.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory can always be written", e);
    }
    return json.toString();
  }

  private static void write(JsonGenerator generator, BackupReport backup) throws IOException {
    generator.writeStartObject();
    generator.writeStringField("name", backup.name());
    generator.writeStringField("location", backup.location());
    generator.writeNumberField("sizeBytes", backup.sizeBytes());
    generator.writeStringField("sha256", backup.sha256());
    generator.writeArrayFieldStart("removed");
    for (var name : backup.removed()) {
      generator.writeString(name);
    }
    generator.writeEndArray();
    generator.writeNumberField("removedCount", backup.removedCount());
    generator.writeEndObject();
  }

  private static void write(JsonGenerator generator, VerificationReport verification)
      throws IOException {
    generator.writeStartObject();
    generator.writeStringField("backup", verification.backup());
    generator.writeBooleanField("verified", verification.verified());
    generator.writeNumberField("tables", verification.tables());
    generator.writeNumberField("rows", verification.rows());
    generator.writeEndObject();
  }

  private static void write(JsonGenerator generator, RestoreReport restore) throws IOException {
    generator.writeStartObject();
    generator.writeStringField("backup", restore.backup());
    generator.writeStringField("database", restore.database());
    write(generator, "safetyBackup", restore.safetyBackup());
    write(generator, "previousDatabase", restore.previousDatabase());
    generator.writeNumberField("tables", restore.tables());
    generator.writeNumberField("rows", restore.rows());
    generator.writeArrayFieldStart("phases");
    for (var phase : restore.phases()) {
      generator.writeStartObject();
      generator.writeStringField("name", phase.name());
      generator.writeStringField("started", phase.started());
      generator.writeStringField("finished", phase.finished());
      generator.writeEndObject();
    }
    generator.writeEndArray();
    generator.writeEndObject();
  }

  private static void write(JsonGenerator generator, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      generator.writeStringField(name, value);
    }
  }

  /** The operator's side; a runner never reads a report. */
  private static final class Reader {
    static final JsonMapper JSON = JsonMapper.builder().build();
  }
}
