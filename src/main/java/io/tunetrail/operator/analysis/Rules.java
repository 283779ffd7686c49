package io.tunetrail.operator.analysis;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How squawk's rules weigh here, and the safer way where squawk has none: its own words come first.
 */
final class Rules {

  /** What a rule is about. */
  enum About {
    /** Data is gone. */
    DATA,
    /** Applications that run fail. */
    APPLICATIONS,
    /** Others wait, for as long as a table is read or written whole. */
    WAITING,
    /** The statement fails. */
    FAILURE,
    /** Taste, or the future. */
    STYLE,
    /** What the operator sees to itself. */
    OURS
  }

  /**
   * A rule.
   *
   * @param saferWay null where squawk says it, or there is none
   */
  record Rule(About about, @Nullable String saferWay) {}

  private static final String KEEP_FIRST =
      "Deploy a version of the application that no longer uses it, wait until no older one runs,"
          + " and drop it in a later migration; back up first.";
  private static final String NEW_BESIDE_OLD =
      "Add the new beside the old, write to both, copy the rows in batches, let the application"
          + " read the new one, and drop the old one in a later migration.";
  private static final String KEEP_NAME =
      "Keep the name, and let the application alone call it otherwise; or make a view of the old"
          + " name, and drop it once no older version of the application runs.";

  /** A rule that a later squawk brings is taken for one of those that applications notice. */
  private static final Rule UNKNOWN = new Rule(About.APPLICATIONS, null);

  private static final Map<String, Rule> RULES =
      Map.ofEntries(
          data("ban-drop-table", KEEP_FIRST),
          data("ban-drop-column", KEEP_FIRST),
          data("ban-drop-database", null),
          data("ban-drop-schema", KEEP_FIRST),
          data("ban-drop-sequence", KEEP_FIRST),
          data("ban-drop-extension", KEEP_FIRST),
          data("ban-truncate-cascade", null),
          applications("ban-drop-view", KEEP_FIRST),
          applications("ban-drop-function", KEEP_FIRST),
          applications("ban-drop-type", KEEP_FIRST),
          applications("ban-drop-domain", KEEP_FIRST),
          applications("ban-drop-trigger", KEEP_FIRST),
          applications("ban-drop-constraint", KEEP_FIRST),
          applications("ban-drop-generated-expression", KEEP_FIRST),
          applications("ban-drop-not-null", null),
          applications("ban-drop-default", KEEP_FIRST),
          applications("ban-set-schema", KEEP_NAME),
          applications("ban-alter-identity", null),
          applications("renaming-column", KEEP_NAME),
          applications("renaming-table", KEEP_NAME),
          applications("renaming-object", KEEP_NAME),
          applications("adding-required-field", null),
          waiting("adding-field-with-default", null),
          waiting("adding-foreign-key-constraint", null),
          waiting("adding-not-nullable-field", null),
          waiting("adding-serial-primary-key-field", null),
          waiting("changing-column-type", NEW_BESIDE_OLD),
          waiting("constraint-missing-not-valid", null),
          waiting("disallowed-unique-constraint", null),
          waiting("require-concurrent-index-creation", null),
          waiting("require-concurrent-index-deletion", null),
          waiting("require-concurrent-reindex", null),
          waiting("require-concurrent-partition-detach", null),
          waiting("ban-create-domain-with-constraint", null),
          waiting("ban-alter-domain-with-add-constraint", null),
          waiting("prefer-repack", null),
          failure("ban-concurrent-index-creation-in-transaction"),
          failure("transaction-nesting"),
          failure("ban-uncommitted-transaction"),
          failure("ban-duplicate-column-assignments"),
          failure("syntax-error"),
          of("prefer-bigint-over-int", About.STYLE),
          of("prefer-bigint-over-smallint", About.STYLE),
          of("prefer-identity", About.STYLE),
          of("prefer-robust-stmts", About.STYLE),
          of("prefer-text-field", About.STYLE),
          of("prefer-timestamp-tz", About.STYLE),
          of("ban-char-field", About.STYLE),
          of("require-enum-value-ordering", About.STYLE),
          of("identifier-too-long", About.STYLE),
          of("require-table-schema", About.STYLE),
          of("unused-ignore", About.OURS),
          of("require-lock-timeout", About.OURS),
          of("require-statement-timeout", About.OURS),
          of("require-timeout-settings", About.OURS));

  private Rules() {}

  static Rule of(String name) {
    return RULES.getOrDefault(name, UNKNOWN);
  }

  private static Map.Entry<String, Rule> data(String name, @Nullable String saferWay) {
    return Map.entry(name, new Rule(About.DATA, saferWay));
  }

  private static Map.Entry<String, Rule> applications(String name, @Nullable String saferWay) {
    return Map.entry(name, new Rule(About.APPLICATIONS, saferWay));
  }

  private static Map.Entry<String, Rule> waiting(String name, @Nullable String saferWay) {
    return Map.entry(name, new Rule(About.WAITING, saferWay));
  }

  private static Map.Entry<String, Rule> failure(String name) {
    return of(name, About.FAILURE);
  }

  private static Map.Entry<String, Rule> of(String name, About about) {
    return Map.entry(name, new Rule(about, null));
  }
}
