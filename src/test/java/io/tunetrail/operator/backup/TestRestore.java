package io.tunetrail.operator.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tunetrail.operator.api.ConnectionSpec;
import io.tunetrail.operator.api.Edition;
import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.database.ConnectionSettings;
import io.tunetrail.operator.database.DatabaseContent;
import io.tunetrail.operator.database.DatabaseContent.TableRows;
import io.tunetrail.operator.database.EngineTables;
import io.tunetrail.operator.database.Fence;
import io.tunetrail.operator.database.PostgresClients;
import io.tunetrail.operator.database.Snapshot;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.migration.WorkLog;
import io.tunetrail.operator.migration.WorkOrder;
import io.tunetrail.operator.migration.WorkResult;
import io.tunetrail.operator.testing.TestDatabase;
import io.tunetrail.operator.testing.TestPostgres;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A live database with songs, a place of backups, an admin who is no superuser, and restores. */
record TestRestore(TestDatabase live, Path folder, PostgresClients clients, BackupStore store) {
  static final String GENUINE = "karaoke-20260504T030000Z";

  private static final JsonMapper JSON = new JsonMapper();

  /** What the genuine backup holds. */
  static final String SONGS =
      """
      CREATE TABLE public.songs (id int PRIMARY KEY, title text);
      INSERT INTO public.songs VALUES (1, 'Waterloo'), (2, 'Africa')
      """;

  static final List<TableRows> ROWS = List.of(new TableRows("public", "songs", 2));

  static TestRestore create(Path folder) throws Exception {
    var live = TestDatabase.create();
    live.execute(
        "CREATE TABLE songs (id int PRIMARY KEY, title text); INSERT INTO songs VALUES (9,"
            + " 'Live')");
    var server = live.server();
    server.newRole(admin(live), "pw");
    server.execute(
        "ALTER ROLE \"%1$s\" CREATEDB; GRANT \"%2$s\" TO \"%1$s\""
            .formatted(admin(live), live.owner()));
    var major = major(server);
    var store = new BackupFolder(folder.resolve("backups"));
    store.prepare(Instant.now());
    var restore =
        new TestRestore(
            live, folder, ArchiveProgram.install(folder.resolve("clients"), major), store);
    restore.backUp(GENUINE, SONGS, ROWS, it -> it);
    return restore;
  }

  static String first(TestPostgres server, String sql) {
    return String.valueOf(server.query(sql).getFirst());
  }

  private static int major(TestPostgres server) {
    return Integer.parseInt(first(server, "SHOW server_version_num")) / 10_000;
  }

  int serverMajor() {
    return major(server());
  }

  private static String admin(TestDatabase live) {
    return live.name() + "_admin";
  }

  TestPostgres server() {
    return live.server();
  }

  /** May make databases and is a member of the owner. */
  ConnectionSettings admin() {
    return live.settingsOf(admin(live), "pw").withDatabase("postgres");
  }

  /** A backup that holds this SQL, with what {@code change} makes of its manifest. */
  void backUp(String name, String sql, List<TableRows> rows, UnaryOperator<Manifest> change)
      throws Exception {
    var archive = new ByteArrayInputStream(sql.getBytes(StandardCharsets.UTF_8));
    backUp(name, archive, rows, change);
  }

  void backUp(
      String name, InputStream archive, List<TableRows> rows, UnaryOperator<Manifest> change)
      throws Exception {
    var written = store.write(name, archive);
    store.publish(
        change.apply(
            new Manifest(
                Manifest.FORMAT,
                name,
                "music/karaoke",
                "karaoke-backup-1",
                name + ".dump",
                "custom",
                "1",
                "a test",
                content(),
                rows,
                written.bytes(),
                written.sha256(),
                "2026-05-04T03:00:00Z",
                "2026-05-04T03:01:00Z",
                null,
                null,
                null)));
  }

  /** The same manifest with other values, by their names in its JSON. */
  static Manifest with(Manifest manifest, Map<String, ?> values) {
    try {
      var json = (ObjectNode) JSON.readTree(manifest.toJson());
      values.forEach((name, value) -> json.set(name, JSON.valueToTree(value)));
      return Manifest.parse(json.toString());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private DatabaseContent content() throws SQLException {
    var attempt = Fence.acquireShared(live.settings(), "test", Duration.ofSeconds(20));
    try (var fence = ((Fence.Attempt.Held) attempt).fence();
        var snapshot = Snapshot.take(fence, Duration.ofSeconds(20))) {
      return snapshot.content(new EngineTables(null, null));
    }
  }

  /** By the programs, as the CronJob's pod does it. */
  WorkResult backUpNow() {
    return backUpNow(null);
  }

  WorkResult backUpNow(@Nullable ParallelOrder parallel) {
    var store = storeOrder().with(null, parallel);
    var order = new BackupOrder("karaoke", store, new BackupRetention(7, 3));
    return new BackupRun(order(), order, "by-hand", live.settings(), clients, log(), false).run();
  }

  WorkResult inPlace(BackupChoice choice) {
    return run(choice, null, live.settings(), admin());
  }

  WorkResult into(String database, BackupChoice choice) {
    return run(choice, database, live.settings(), admin());
  }

  /** In a pod that has a workspace. */
  WorkResult into(String database, BackupChoice choice, ParallelOrder parallel) {
    var order = restoreOrder(folder, live.name(), choice, database);
    var there = order.store().with(null, parallel);
    return run(
        new RestoreOrder(order.resource(), order.restore(), there, choice, database),
        live.settings(),
        admin());
  }

  /** Another attempt of the one restore that there is. */
  WorkResult run(
      BackupChoice choice,
      @Nullable String newDatabase,
      ConnectionSettings login,
      @Nullable ConnectionSettings admin) {
    return run(restoreOrder(folder, live.name(), choice, newDatabase), login, admin);
  }

  private WorkResult run(
      RestoreOrder order, ConnectionSettings login, @Nullable ConnectionSettings admin) {
    return new RestoreRun(order(), order, login, admin, clients, log()).run();
  }

  /** Starts an attempt in a process of its own, with its words in the test's log. */
  Process startInPlace() throws IOException {
    RestoreProcess.write(folder, live.settings(), admin());
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            RestoreProcess.class.getName(),
            folder.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("process.log").toFile())
        .start();
  }

  private static WorkLog log() {
    return new WorkLog(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
  }

  private StoreOrder storeOrder() {
    return storeOrder(folder);
  }

  private static StoreOrder storeOrder(Path folder) {
    return new StoreOrder("claim/karaoke", folder.resolve("backups").toString());
  }

  /** What the one restore of this live database is told. */
  static RestoreOrder restoreOrder(
      Path folder, String live, BackupChoice choice, @Nullable String newDatabase) {
    return new RestoreOrder(
        "karaoke", "undo-friday/" + live, storeOrder(folder), choice, newDatabase);
  }

  static WorkOrder order() {
    var connection =
        new ConnectionSpec(
            new LocalReference("karaoke-db"), null, null, null, null, null, null, null, null);
    return new WorkOrder(
        "music/karaoke",
        "uid-1",
        "undo-friday-restore-1",
        Task.RESTORE,
        Edition.COMMUNITY,
        Environment.PRODUCTION,
        connection,
        null,
        null,
        null,
        connection,
        "sha256:none",
        null,
        null,
        0,
        0,
        5_000,
        null,
        "boss",
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** The titles that an application finds, in order. */
  List<@Nullable String> titles(String database) {
    return server().query(database, "SELECT title FROM songs ORDER BY id");
  }

  /** The databases of the server whose name begins so. */
  List<@Nullable String> databases(String beginning) {
    return server()
        .query(
            "SELECT datname FROM pg_database WHERE starts_with(datname, '%s') ORDER BY 1"
                .formatted(beginning));
  }

  /** Those under the name by which a restore makes one, of this login. */
  List<@Nullable String> unfinished() {
    return server()
        .query(
            "SELECT datname FROM pg_database WHERE datname LIKE 'tunetrail_restore_%%' AND pg_get_userbyid(datdba) = '%s'"
                .formatted(live.owner()));
  }

  boolean takesSessions(String database) {
    return "t"
        .equals(
            first(
                server(),
                "SELECT datallowconn FROM pg_database WHERE datname = '%s'".formatted(database)));
  }
}
