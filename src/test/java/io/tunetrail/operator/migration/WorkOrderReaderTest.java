package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tunetrail.operator.api.CertificateAuthorityReference;
import io.tunetrail.operator.api.ConnectionSpec;
import io.tunetrail.operator.api.Driver;
import io.tunetrail.operator.api.Edition;
import io.tunetrail.operator.api.Environment;
import io.tunetrail.operator.api.KeyReference;
import io.tunetrail.operator.api.LocalReference;
import io.tunetrail.operator.api.LookBy;
import io.tunetrail.operator.api.SslMode;
import io.tunetrail.operator.api.UrlVariable;
import io.tunetrail.operator.engine.AlembicSettings;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.HistoryTable;
import io.tunetrail.operator.engine.ProgramSettings;
import io.tunetrail.operator.lifecycle.Task;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkOrderReaderTest {
  private static final JsonMapper WRITER = JsonMapper.builder().build();
  private static final LocalReference SECRET = new LocalReference("karaoke-db");

  @Test
  void every_field_that_the_operator_writes_is_read() throws JsonProcessingException {
    var authority = new CertificateAuthorityReference(new KeyReference("pg-ca", "ca.crt"), null);
    var connection =
        new ConnectionSpec(
            SECRET,
            "pg",
            5433,
            "karaoke",
            "owner",
            SslMode.VERIFY_CA,
            authority,
            new LocalReference("karaoke-tls"),
            LookBy.JOB);
    var flyway =
        new FlywaySettings(
            Map.of("a", "1", "b", "\"ü\""),
            true,
            true,
            List.of("x", "y"),
            "x",
            "t",
            "V",
            "R",
            "__",
            List.of(".sql", ".pgsql"),
            "3");
    var program =
        new ProgramSettings(
            "app:1",
            List.of("flask", "db"),
            List.of("python3"),
            "/app",
            List.of(new UrlVariable("DATABASE_URL", Driver.ASYNCPG), new UrlVariable("URL", null)));
    var full =
        new WorkOrder(
            "music/karaoke",
            "uid",
            "job",
            Task.UNDO,
            Edition.SAAS,
            Environment.PRODUCTION,
            connection,
            flyway,
            new AlembicSettings(program, "alembic.ini", "search", "versions", "app"),
            program,
            new ConnectionSpec(SECRET, "scratch", 5433, null, null, null, null),
            "sha256:aa",
            "1",
            "2",
            1,
            2,
            3,
            "again",
            "ada",
            "sha256:bb",
            "add plays",
            List.of(new HistoryTable(null, "flyway_schema_history"), new HistoryTable("a", "b")),
            Task.UNDO,
            List.of("public.events_*"),
            "grace",
            "sha256:cc");
    assertThat(WorkOrderReader.read(WRITER.writeValueAsString(full))).isEqualTo(full);
  }

  @Test
  void what_is_not_set_is_null() throws JsonProcessingException {
    var connection = new ConnectionSpec(SECRET, null, null, null, null, null, null);
    var bare =
        new WorkOrder(
            "music/karaoke",
            "uid",
            "job",
            Task.CREATE_ALL,
            Edition.COMMUNITY,
            Environment.STAGING,
            connection,
            null,
            null,
            null,
            null,
            "sha256:aa",
            null,
            null,
            0,
            0,
            0,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    assertThat(WorkOrderReader.read(WRITER.writeValueAsString(bare))).isEqualTo(bare);
  }

  @Test
  void a_text_that_is_no_order_is_refused() {
    for (var text :
        List.of("", "{}", "[]", "{\"resource\": 1.5}", "{\"resource\": 1}", "nonsense")) {
      assertThatThrownBy(() -> WorkOrderReader.read(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("not an order: ");
    }
  }
}
