package io.tunetrail.operator.guard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tunetrail.operator.analysis.PlannedStatement;
import io.tunetrail.operator.database.ClientCertificate;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.engine.HandsScript;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The folder in which guard and hands meet; {@link HandsScript#TEXT} tells of its files. */
record SharedFolder(Path root) {
  private static final String REPORT = "report.json";
  private static final String ALIVE = "alive";
  private static final String STOP = "stop";
  private static final String DIFFERENCES = "differences.json";
  private static final String DRAFTED = "drafted.json";
  private static final String PLAN = "plan.json";

  /** Of the guard's own, for a guard that is started again: the program may have begun. */
  private static final String STARTED = "started";

  /** Of the guard's own: all is said. */
  private static final String ENDED = "ended";

  /** Where an image of ours has the certificates that are trusted everywhere. */
  private static final Path SYSTEM_AUTHORITIES = Path.of("/etc/ssl/certs/ca-certificates.crt");

  void writeHands() throws IOException {
    write(HandsScript.NAME, HandsScript.TEXT);
  }

  /** Writes a program for the hands; the answer is where. */
  String write(ImageScript script) throws IOException {
    return writeFile(script.fileName(), script.text());
  }

  /** Whether a draft was written, be it of use or not. */
  boolean isDrafted() {
    return Files.exists(root.resolve(DRAFTED));
  }

  /** What a check that ended well found. */
  ModelCheck.Answer.Compared differences() throws IOException {
    return Json.MAPPER.readValue(
        Files.readString(root.resolve(DIFFERENCES)), ModelCheck.Answer.Compared.class);
  }

  /** What a command that planned told. */
  Planned plan() throws IOException {
    return Json.MAPPER.readValue(Files.readString(root.resolve(PLAN)), Planned.class);
  }

  void forgetPlan() throws IOException {
    Files.deleteIfExists(root.resolve(PLAN));
  }

  /**
   * The SQL of revisions.
   *
   * @param heads what the version table would hold afterwards; none where that is not told
   * @param revisions in the order they ran
   */
  record Planned(List<String> heads, List<String> revisions, List<PlannedStatement> statements) {}

  /**
   * Writes what TLS needs where the program finds it.
   *
   * @param prefix of the files' names, for more than one database
   */
  TlsFiles writeTlsFiles(String prefix, ConnectionSettings settings) throws IOException {
    var authorities = writeAuthorities(prefix + "ca.crt", settings.caPem());
    var client = settings.clientCertificate();
    return client == null
        ? new TlsFiles(authorities, null, null)
        : new TlsFiles(
            authorities,
            writeFile(prefix + ClientCertificate.CERTIFICATE, client.certificatePem()),
            writeFile(prefix + ClientCertificate.KEY, client.keyPem()));
  }

  /** Null for the system's. */
  private String writeAuthorities(String name, @Nullable String pem) throws IOException {
    if (pem != null) {
      return writeFile(name, pem);
    }
    return Files.exists(SYSTEM_AUTHORITIES)
        ? writeFile(name, Files.readString(SYSTEM_AUTHORITIES, StandardCharsets.ISO_8859_1))
        : root.resolve(name).toString();
  }

  private String writeFile(String name, String text) throws IOException {
    write(name, text);
    return root.resolve(name).toString();
  }

  /** The guard's sign of life. */
  void touch(Instant now) throws IOException {
    var file = root.resolve(ALIVE);
    if (Files.exists(file)) {
      Files.setLastModifiedTime(file, FileTime.from(now));
    } else {
      write(ALIVE, "");
    }
  }

  boolean hasStarted() {
    return Files.exists(root.resolve(STARTED));
  }

  void markStarted() throws IOException {
    write(STARTED, "");
  }

  boolean hasEnded() {
    return Files.exists(root.resolve(ENDED));
  }

  /** Asks for a command, numbered from 1. */
  void request(int number, HandsRequest request) throws IOException {
    write("request-%d.json".formatted(number), request.toJson());
  }

  Optional<HandsAnswer> answer(int number) throws IOException {
    var file = root.resolve("result-%d.json".formatted(number));
    return Files.exists(file)
        ? Optional.of(HandsAnswer.parse(Files.readString(file)))
        : Optional.empty();
  }

  /** Asks for the end of what runs now. */
  void stop() throws IOException {
    write(STOP, "");
  }

  /** Says how the hands are to end, and what their container is to say. */
  void end(int exitCode, String report) throws IOException {
    var json = new StringWriter();
    try (var generator = new JsonFactory().createGenerator(json)) {
      generator.writeStartObject();
      generator.writeNumberField("exitCode", exitCode);
      generator.writeStringField("report", report);
      generator.writeEndObject();
    }
    write(REPORT, json.toString());
    write(ENDED, "");
  }

  /** For this pod's user alone; complete before it has its name. */
  private void write(String name, String text) throws IOException {
    var partial = root.resolve(name + ".tmp");
    Files.deleteIfExists(partial);
    Files.createFile(
        partial,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(partial, text);
    Files.move(partial, root.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static final class Json {
    static final JsonMapper MAPPER = JsonMapper.builder().build();
  }
}
