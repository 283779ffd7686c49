package io.tunetrail.operator.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedactionTest {
  private static final String CANARY = "C4n~a*r%y @:/+\\\"'ö";

  /** RFC 3986, as our own URLs have it. */
  private static final String ENCODED = "C4n~a%2Ar%25y%20%40%3A%2F%2B%5C%22%27%C3%B6";

  private final Redaction redaction = Redaction.of(new Password(CANARY));

  private void isMasked(String spelled) {
    assertThat(redaction.apply("u:" + spelled + "@h")).as(spelled).isEqualTo("u:***@h");
  }

  @Test
  void fault_51_the_password_is_masked_as_it_is_and_as_urls_have_it() {
    isMasked(CANARY);
    isMasked(ENCODED);
    isMasked("C4n~a%2ar%25y%20%40%3a%2f%2b%5c%22%27%c3%b6");
    isMasked(URLEncoder.encode(CANARY, StandardCharsets.UTF_8));
    isMasked("C4n~a*r%25y @%3A%2F+%5C%22'%C3%B6");
    isMasked("C4n%7Ea*r%25y%20%40:%2F%2B%5C%22%27ö");
  }

  @Test
  void fault_51_the_password_is_masked_as_an_ini_sql_json_and_base64_have_it() {
    isMasked(ENCODED.replace("%", "%%"));
    isMasked(CANARY.replace("%", "%%"));
    isMasked(CANARY.replace("'", "''"));
    isMasked(CANARY.replace("\\", "\\\\").replace("'", "\\'"));
    isMasked(CANARY.replace("\\", "\\\\").replace("\"", "\\\"").replace("ö", "\\u00f6"));
    isMasked(
        Base64.getEncoder()
            .withoutPadding()
            .encodeToString(CANARY.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void what_only_begins_like_the_password_stays() {
    assertThat(redaction.apply("C4n~a*r%y @:/+ C4n")).isEqualTo("C4n~a*r%y @:/+ C4n");
    assertThat(Redaction.of(new Password("")).apply("nothing to hide"))
        .isEqualTo("nothing to hide");
  }

  @Test
  void a_password_that_is_part_of_another_leaves_nothing_of_it() {
    var both =
        Redaction.of(new Password("secret1")).and(Redaction.of(new Password("secret1 and more")));

    assertThat(both.apply("secret1+and%20more, secret1")).isEqualTo("***, ***");
  }

  /** Two spellings of one character must not double the work with each that follows. */
  @Test
  void a_password_of_percent_signs_costs_no_more_than_another() {
    var signs = Redaction.of(new Password("%".repeat(200)));

    assertThat(signs.apply("%%25".repeat(99) + "x")).isEqualTo("%%25".repeat(99) + "x");
    assertThat(signs.apply("%".repeat(250))).isEqualTo("***");
  }

  @Test
  void fault_51_a_stack_trace_tells_where_and_not_the_password() {
    var cause = new IllegalArgumentException("no number: " + ENCODED);
    var failure = new IllegalStateException("postgresql://u:" + CANARY + "@h", cause);

    var shown = redaction.apply(failure);

    assertThat(text(shown))
        .contains("java.lang.IllegalStateException: postgresql://u:***@h")
        .contains("java.lang.IllegalArgumentException: no number: ***")
        .contains("at io.tunetrail.operator.database.RedactionTest.")
        .doesNotContain(CANARY, ENCODED);
    assertThat(List.of(shown.getStackTrace())).isEqualTo(List.of(failure.getStackTrace()));
  }

  @Test
  void an_exception_without_a_secret_stays_what_it_is() {
    var failure = new IllegalStateException("the lock is lost");

    assertThat(redaction.apply(failure)).isSameAs(failure);
  }

  private static String text(Throwable failure) {
    var text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
