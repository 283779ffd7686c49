package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings as pg_db_role_setting has them, and as they stand in SQL. */
class SettingValueTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "work_mem=5MB | SET \"work_mem\" TO E'5MB'",
        "app.motto=it's \\o/ = fun | SET \"app.motto\" TO E'it''s \\\\o/ = fun'",
        "DateStyle=ISO, DMY | SET \"DateStyle\" TO E'ISO, DMY'",
        "search_path=public, \"Lyrics, old\", \"$user\" | SET \"search_path\" TO E'public',"
            + " E'Lyrics, old', E'$user'",
        "search_path=\"\" | SET \"search_path\" TO E''",
        "search_path=\"say \"\"hi\"\"\" | SET \"search_path\" TO E'say \"hi\"'",
        "temp_tablespaces=Fast,slow | SET \"temp_tablespaces\" TO E'fast', E'slow'",
      })
  void a_list_of_names_stays_one_and_any_other_text_is_one_constant(String stored, String sql) {
    assertThat(SettingValue.parse(stored).assignment()).isEqualTo(sql);
  }

  @Test
  void no_value_gets_out_of_its_constant() {
    assertThat(SettingValue.parse("search_path=a;DROP/**/DATABASE/**/x").assignment())
        .isEqualTo("SET \"search_path\" TO E'a;drop/**/database/**/x'");
  }
}
