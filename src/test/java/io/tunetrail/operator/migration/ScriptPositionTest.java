package io.tunetrail.operator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScriptPositionTest {

  @Test
  void a_statement_begins_after_the_blanks_and_comments_before_it() {
    assertThat(ScriptPosition.firstLine("CREATE TABLE songs ()")).isEqualTo(1);
    assertThat(ScriptPosition.firstLine("\n\nCREATE TABLE songs ()")).isEqualTo(3);
    assertThat(ScriptPosition.firstLine("-- a\n-- b\nCREATE TABEL songs ()")).isEqualTo(3);
    assertThat(ScriptPosition.firstLine("/* a\n b */ -- c\n CREATE TABEL songs ()")).isEqualTo(3);
    assertThat(ScriptPosition.firstLine("SELECT '\n-- no comment'")).isEqualTo(1);
  }
}
