package io.tunetrail.operator.migration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tunetrail.operator.api.ConnectionSpec;
import io.tunetrail.operator.api.Edition;
import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.FlywaySpec;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.ScriptFile;
import io.tunetrail.operator.engine.ScriptListing;
import io.tunetrail.operator.engine.ScriptSet;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestPostgres;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Job's pod as a test sets it up: mounts in a folder, an order in a variable; run in this process
 * or in one of its own.
 */
final class TestJob {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final TestDatabase database;
  private final List<ScriptFile> scripts = new ArrayList<>();
  private final Map<String, String> secret = new TreeMap<>();
  private final Task task;
  private FlywaySpec flyway = spec(null, null, null, null, null, null, null, null, null);
  private Environment environment = Environment.STAGING;
  private @Nullable String role;
  private @Nullable TestDatabase scratch;
  private @Nullable String from;
  private @Nullable String target;
  private @Nullable String baselineVersion;
  private @Nullable String retry;
  private @Nullable Task planned;
  private @Nullable String argument;
  private @Nullable String digest;
  private @Nullable String identity;
  private @Nullable ScriptListing listing;
  private boolean ofImage;
  private long lockTimeoutMillis = 2000;
  private long statementTimeoutMillis = 60_000;
  private long fenceTimeoutMillis = 20_000;

  /** What a run left. */
  record Ended(int exitCode, Report report, String log) {
    Outcome outcome() {
      return report.outcome();
    }

    String message() {
      return Objects.requireNonNullElse(report.message(), "");
    }
  }

  private TestJob(TestDatabase database, Task task) {
    this.database = database;
    this.task = task;
    secret.putAll(TestMounts.secretOf(database));
  }

  static TestJob migrate(TestDatabase database) {
    return new TestJob(database, Task.MIGRATE);
  }

  /** Tells which scripts an image holds. */
  static TestJob inspect(TestDatabase database) {
    return new TestJob(database, Task.INSPECT).ofImage();
  }

  /** Tells the SQL of this task. */
  static TestJob plan(TestDatabase database, Task ofTask) {
    var job = new TestJob(database, Task.PLAN);
    job.planned = ofTask;
    return job;
  }

  static TestJob undo(TestDatabase database) {
    return new TestJob(database, Task.UNDO);
  }

  static TestJob createAll(TestDatabase database) {
    return new TestJob(database, Task.CREATE_ALL);
  }

  /** Tells what a person asks. */
  static TestJob examine(TestDatabase database, String argument) {
    var job = new TestJob(database, Task.EXAMINE);
    job.argument = argument;
    return job;
  }

  static TestJob look(TestDatabase database) {
    return new TestJob(database, Task.LOOK);
  }

  /** Adopts at a version. */
  static TestJob adopt(TestDatabase database, String version) {
    return new TestJob(database, Task.BASELINE).baseline(version).to(version);
  }

  static TestJob seed(TestDatabase database) {
    return new TestJob(database, Task.SEED);
  }

  static FlywaySpec spec(
      @Nullable Map<String, String> placeholders,
      @Nullable Boolean outOfOrder,
      @Nullable List<String> schemas,
      @Nullable String defaultSchema,
      @Nullable String table,
      @Nullable String prefix,
      @Nullable String repeatablePrefix,
      @Nullable String separator,
      @Nullable List<String> suffixes) {
    return new FlywaySpec(
        List.of(new LocalReference("sql")),
        null,
        null,
        null,
        placeholders,
        null,
        outOfOrder,
        schemas,
        defaultSchema,
        table,
        prefix,
        repeatablePrefix,
        separator,
        suffixes);
  }

  /** Its scripts were copied out of an image. */
  TestJob ofImage() {
    ofImage = true;
    return this;
  }

  TestJob script(String name, String content) {
    return script(0, name, content);
  }

  TestJob script(int source, String name, String content) {
    scripts.add(new ScriptFile(source, name, content));
    return this;
  }

  TestJob flyway(FlywaySpec spec) {
    flyway = spec;
    return this;
  }

  TestJob baseline(String version) {
    baselineVersion = version;
    return this;
  }

  TestJob secret(String key, String value) {
    secret.put(key, value);
    return this;
  }

  TestJob as(Environment used) {
    environment = used;
    return this;
  }

  TestJob role(String name) {
    role = name;
    return this;
  }

  TestJob scratch(TestDatabase place) {
    scratch = place;
    return this;
  }

  TestJob from(@Nullable String version) {
    from = version;
    return this;
  }

  TestJob to(@Nullable String version) {
    target = version;
    return this;
  }

  TestJob retry(@Nullable String token) {
    retry = token;
    return this;
  }

  /** What a look called the database that the Job is for. */
  TestJob identity(String value) {
    identity = value;
    return this;
  }

  TestJob digest(String value) {
    digest = value;
    return this;
  }

  /** The scripts lie in an image, which told this of them. */
  TestJob told(ScriptListing value) {
    listing = value;
    return digest(value.digest());
  }

  TestJob lockTimeout(long millis) {
    lockTimeoutMillis = millis;
    return this;
  }

  TestJob statementTimeout(long millis) {
    statementTimeoutMillis = millis;
    return this;
  }

  TestJob fenceTimeout(long millis) {
    fenceTimeoutMillis = millis;
    return this;
  }

  ScriptSet scripts() {
    return new ScriptSet(scripts);
  }

  FlywaySettings settings() {
    return FlywaySettings.of(flyway, baselineVersion);
  }

  /** Runs the role in this process. */
  Ended run() {
    var folder = mounts();
    var log = new ByteArrayOutputStream();
    var out = new PrintStream(log, true, StandardCharsets.UTF_8);
    int exitCode =
        switch (task) {
          case CREATE_ALL -> CreateAllRole.run(variables(folder), out);
          case MIGRATE -> MigrateRole.run(variables(folder), out);
          case UNDO -> UndoRole.run(variables(folder), out);
          case BASELINE -> BaselineRole.run(variables(folder), out);
          case SEED -> SeedRole.run(variables(folder), out);
          case LOOK -> LookRole.run(variables(folder), out);
          case INSPECT -> InspectRole.run(variables(folder), out);
          case PLAN -> PlanRole.run(variables(folder), out);
          case EXAMINE -> ExamineRole.run(variables(folder), out);
          case GENERATE, SETUP, CHECK, BACKUP, VERIFY, RESTORE ->
              throw new IllegalStateException("no test runs " + task);
        };
    return ended(exitCode, folder, log.toString(StandardCharsets.UTF_8));
  }

  /** Starts the role in a process of its own. */
  Running start(String... jvmOptions) {
    var folder = mounts();
    var log = folder.resolve("log");
    var process = TestProcess.start(task.toString(), variables(folder), log, jvmOptions);
    return new Running(process, folder);
  }

  /** A role in a process of its own. */
  record Running(Process process, Path folder) {

    Ended await() {
      try {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new IllegalStateException("the role did not end; its log: " + log());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
      return ended(process.exitValue(), folder, log());
    }

    /** As the kernel does when memory runs out: at once, without a word. */
    void kill() {
      process.destroyForcibly();
      process.onExit().join();
    }

    String log() {
      return TestMounts.text(folder.resolve("log"));
    }
  }

  private static Ended ended(int exitCode, Path folder, String log) {
    var report = Report.parse(TestMounts.text(folder.resolve("report")));
    return new Ended(exitCode, report.orElseThrow(() -> new IllegalStateException(log)), log);
  }

  private Map<String, String> variables(Path folder) {
    var variables = new HashMap<String, String>();
    variables.put(WorkOrder.VARIABLE, order());
    variables.put(WorkOrder.MOUNTS_VARIABLE, folder.resolve("mounts").toString());
    variables.put(WorkOrder.REPORT_VARIABLE, folder.resolve("report").toString());
    return variables;
  }

  private String order() {
    var order =
        new WorkOrder(
            "music/karaoke",
            "uid-1",
            TestPostgres.uniqueName("karaoke-job").replace('_', '-'),
            task,
            task == Task.CREATE_ALL ? Edition.COMMUNITY : Edition.COMMERCIAL,
            environment,
            connection("karaoke-db", role),
            task == Task.CREATE_ALL ? null : settings(),
            null,
            null,
            scratch == null ? null : connection("scratch-db", null),
            digest == null ? scripts().digest() : digest,
            from,
            target,
            lockTimeoutMillis,
            statementTimeoutMillis,
            fenceTimeoutMillis,
            retry,
            "dba@example.org",
            null,
            argument,
            null,
            planned,
            null,
            "grace@example.org",
            identity);
    try {
      return JSON.writeValueAsString(order);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path mounts() {
    var folder = TestMounts.create(secret, database.server().caPem(), scripts, scratch, ofImage);
    if (listing != null) {
      TestMounts.addListing(folder, listing);
    }
    return folder;
  }

  private static ConnectionSpec connection(String secret, @Nullable String role) {
    return new ConnectionSpec(new LocalReference(secret), null, null, null, role, null, null);
  }
}
