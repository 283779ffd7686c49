package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.tunetrail.operator.analysis.TableSize;
import io.tunetrail.operator.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LiveTablesTest {
  private final TestDatabase database = TestDatabase.create();

  @Test
  void a_table_is_found_by_each_way_to_write_its_name() throws SQLException {
    database.execute("CREATE TABLE \"Songs\" (id int) WITH (autovacuum_enabled = off)");

    var sizes = sizes("\"Songs\"", "public.\"Songs\"", "songs", "nowhere.songs", "x; DROP TABLE y");

    assertThat(sizes).containsOnlyKeys("\"Songs\"", "public.\"Songs\"");
    assertThat(sizes.get("\"Songs\"")).isEqualTo(new TableSize("public.\"Songs\"", 0, null));
  }

  @Test
  void a_table_of_many_rows_or_many_bytes_is_large() throws SQLException {
    database.execute(
        "CREATE TABLE many AS SELECT n FROM generate_series(1, 10000) n; ANALYZE many;"
            + "CREATE TABLE few AS SELECT n FROM generate_series(1, 100) n; ANALYZE few;"
            + "CREATE TABLE wide (b bytea); ALTER TABLE wide ALTER b SET STORAGE EXTERNAL;"
            + "INSERT INTO wide SELECT convert_to(repeat('x', 11000000), 'UTF8')");

    assertThat(size("many").rows()).isEqualTo(10_000);
    assertThat(size("many").large()).isTrue();
    assertThat(size("few").large()).isFalse();
    assertThat(size("wide").large()).isTrue();
  }

  @Test
  void a_partitioned_table_is_as_large_as_its_partitions() throws SQLException {
    database.execute(
        "CREATE TABLE plays (n int) PARTITION BY RANGE (n);"
            + "CREATE TABLE plays_1 PARTITION OF plays FOR VALUES FROM (0) TO (6000);"
            + "CREATE TABLE plays_2 PARTITION OF plays FOR VALUES FROM (6000) TO (20000);"
            + "INSERT INTO plays SELECT n FROM generate_series(1, 12000) n; ANALYZE plays");

    var size = size("plays");

    assertThat(size.rows()).isEqualTo(12_000);
    assertThat(size.bytes()).isGreaterThan(300_000);
  }

  private TableSize size(String name) throws SQLException {
    return Objects.requireNonNull(sizes(name).get(name));
  }

  private Map<String, TableSize> sizes(String... names) throws SQLException {
    try (var connection = database.connect()) {
      connection.setReadOnly(true);
      return LiveTables.sizes(connection, List.of(names));
    }
  }
}
