package io.tunetrail.operator.migration;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tunetrail.operator.api.LastMigration;
import io.tunetrail.operator.lifecycle.DatabaseFacts;
import io.tunetrail.operator.lifecycle.DatabaseFacts.Activity;
import io.tunetrail.operator.lifecycle.DatabaseFacts.Adopted;
import io.tunetrail.operator.lifecycle.DatabaseFacts.ForeignHistory;
import io.tunetrail.operator.lifecycle.DatabaseFacts.InterruptedScript;
import io.tunetrail.operator.lifecycle.DatabaseFacts.Replication;
import io.tunetrail.operator.lifecycle.DatabaseFacts.SlowStatements;
import io.tunetrail.operator.lifecycle.Look;
import io.tunetrail.operator.lifecycle.SchemaDrift;
import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.lifecycle.SchemaState.Migration;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A look as JSON, written field by field: binding by reflection would cost a short Job more than
 * its work. Each field of the records is there, be it null.
 */
final class LookJson {
  static final String SEEN = "seen";
  static final String UNSEEN = "unseen";
  static final String CREATE_ALL = "createAll";
  static final String FLYWAY = "flyway";
  static final String ALEMBIC = "alembic";
  static final String UNREADABLE = "unreadable";

  private final JsonGenerator json;

  private LookJson(JsonGenerator json) {
    this.json = json;
  }

  static String of(Look.Taken look) {
    var text = new StringWriter();
    try (var generator = new JsonFactory().createGenerator(text)) {
      new LookJson(generator).look(look);
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory can always be written", e);
    }
    return text.toString();
  }

  private void look(Look.Taken look) throws IOException {
    json.writeStartObject();
    switch (look) {
      case Look.Seen seen -> object(SEEN, () -> object("facts", () -> facts(seen.facts())));
      case Look.Unseen unseen ->
          object(
              UNSEEN,
              () -> {
                text("reason", unseen.reason().name());
                text("detail", unseen.detail());
              });
    }
    json.writeEndObject();
  }

  private void facts(DatabaseFacts facts) throws IOException {
    text("identity", facts.identity());
    text("server", facts.server());
    json.writeNumberField("serverVersion", facts.serverVersion());
    json.writeBooleanField("inRecovery", facts.inRecovery());
    json.writeBooleanField("transactionPooled", facts.transactionPooled());
    json.writeNumberField("sizeBytes", facts.sizeBytes());
    json.writeNumberField("tableCount", facts.tableCount());
    var strictest = facts.strictestEnvironment();
    text("strictestEnvironment", strictest == null ? null : strictest.toString());
    texts("invalidIndexes", facts.invalidIndexes());
    text("fenceHolder", facts.fenceHolder());
    objectOrNull("interrupted", facts.interrupted(), this::interrupted);
    objectOrNull("lastWork", facts.lastWork(), this::work);
    text("createAllDigest", facts.createAllDigest());
    text("seedDigest", facts.seedDigest());
    objects("foreignHistories", facts.foreignHistories(), this::foreignHistory);
    json.writeBooleanField("migratedBefore", facts.migratedBefore());
    objectOrNull("lastAdoption", facts.lastAdoption(), this::lastAdoption);
    object("schema", () -> schema(facts.schema()));
    object("drift", () -> drift(facts.drift()));
    objects("history", facts.history(), this::work);
    object("activity", () -> activity(facts.activity()));
    text("writeAccess", facts.writeAccess().name());
  }

  private void activity(Activity activity) throws IOException {
    json.writeObjectFieldStart("connections");
    for (var state : activity.connections().entrySet()) {
      json.writeNumberField(state.getKey(), state.getValue());
    }
    json.writeEndObject();
    objectOrNull("slowStatements", activity.slowStatements(), this::slowStatements);
    objectOrNull("replication", activity.replication(), this::replication);
    objectOrNull("monitoring", activity.monitoring(), it -> text("obstacle", it.obstacle()));
  }

  private void replication(Replication replication) throws IOException {
    json.writeNumberField("replicas", replication.replicas());
    json.writeFieldName("lagSeconds");
    json.writeObject(replication.lagSeconds());
    json.writeFieldName("lagBytes");
    json.writeObject(replication.lagBytes());
  }

  private void slowStatements(SlowStatements slow) throws IOException {
    json.writeNumberField("count", slow.count());
    json.writeNumberField("worstMeanMillis", slow.worstMeanMillis());
  }

  private void interrupted(InterruptedScript interrupted) throws IOException {
    text("script", interrupted.script());
    text("job", interrupted.job());
    text("retry", interrupted.retry());
  }

  private void work(LastMigration work) throws IOException {
    text("job", work.job());
    text("outcome", work.outcome());
    text("from", work.from());
    text("to", work.to());
    text("started", work.started());
    text("finished", work.finished());
    text("message", work.message());
    text("approvedBy", work.approvedBy());
    text("task", work.task());
    text("approvalDigest", work.approvalDigest());
    text("duration", work.duration());
    text("requestedBy", work.requestedBy());
    text("backup", work.backup());
  }

  private void drift(SchemaDrift drift) throws IOException {
    text("state", drift.state().name());
    text("digest", drift.digest());
    text("recorded", drift.recorded());
    text("recordedAt", drift.recordedAt());
    texts("added", drift.added());
    texts("removed", drift.removed());
    texts("changed", drift.changed());
    json.writeNumberField("count", drift.count());
  }

  private void foreignHistory(ForeignHistory history) throws IOException {
    text("table", history.table());
    text("retirement", history.retirement());
  }

  private void lastAdoption(Adopted adopted) throws IOException {
    text("version", adopted.version());
    text("retry", adopted.retry());
  }

  private void schema(SchemaState schema) throws IOException {
    switch (schema) {
      case SchemaState.CreateAll createAll ->
          object(CREATE_ALL, () -> text("appliedDigest", createAll.appliedDigest()));
      case SchemaState.Flyway flyway -> object(FLYWAY, () -> flyway(flyway));
      case SchemaState.Alembic alembic -> object(ALEMBIC, () -> alembic(alembic));
      case SchemaState.Unreadable unreadable ->
          object(UNREADABLE, () -> text("detail", unreadable.detail()));
    }
  }

  private void flyway(SchemaState.Flyway flyway) throws IOException {
    json.writeBooleanField("historyExists", flyway.historyExists());
    json.writeBooleanField("tablesExist", flyway.tablesExist());
    text("current", flyway.current());
    objects("migrations", flyway.migrations(), this::migration);
  }

  private void migration(Migration migration) throws IOException {
    text("version", migration.version());
    text("description", migration.description());
    text("script", migration.script());
    text("contentDigest", migration.contentDigest());
    text("undoDigest", migration.undoDigest());
    text("state", migration.state().name());
  }

  private void alembic(SchemaState.Alembic alembic) throws IOException {
    json.writeBooleanField("historyExists", alembic.historyExists());
    json.writeBooleanField("tablesExist", alembic.tablesExist());
    texts("revisions", alembic.revisions());
  }

  private interface Fields {
    void write() throws IOException;
  }

  private interface FieldsOf<T> {
    void write(T value) throws IOException;
  }

  private void object(String name, Fields fields) throws IOException {
    json.writeObjectFieldStart(name);
    fields.write();
    json.writeEndObject();
  }

  private <T> void objectOrNull(String name, @Nullable T value, FieldsOf<T> fields)
      throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      object(name, () -> fields.write(value));
    }
  }

  private <T> void objects(String name, Collection<T> values, FieldsOf<T> fields)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (var value : values) {
      json.writeStartObject();
      fields.write(value);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void text(String name, @Nullable String value) throws IOException {
    json.writeStringField(name, value);
  }

  private void texts(String name, Collection<String> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (var value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}
