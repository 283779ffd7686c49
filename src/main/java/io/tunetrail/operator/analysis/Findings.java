package io.tunetrail.operator.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said of one statement: squawk's rules, and of our own {@code truncate}, {@code
 * delete-every-row}, {@code update-every-row}, {@code drop-cascade} and {@code drop-owned} from the
 * syntax tree that squawk makes, {@code drops-what-is-there}, {@code renames-what-is-there}, {@code
 * rewrites-table}, {@code code-empties-or-rewrites}, {@code code-writes-rows} and {@code
 * refuses-transactions} from what PostgreSQL did on a scratch database, {@code runs-code} and
 * {@code unread} where neither tells.
 *
 * @param linted null where squawk did not read it
 * @param trace null where it was not tried
 * @param heavy the live tables concerned that are large
 * @param sized whether the size of each table concerned is known
 * @param ownAlone whether it was seen to concern only tables that the plan itself has made
 */
record Findings(
    PlannedStatement statement,
    @Nullable Linted linted,
    @Nullable Trace trace,
    List<TableSize> heavy,
    boolean sized,
    boolean ownAlone) {
  private static final Set<String> OF_REWRITES =
      Set.of("adding-field-with-default", "changing-column-type");
  private static final String IN_TRANSACTION = "ban-concurrent-index-creation-in-transaction";
  private static final Set<String> INDEXED =
      Set.of("disallowed-unique-constraint", "adding-serial-primary-key-field");
  private static final Set<String> CASCADING = Set.of("DROP_TYPE", "DROP_DOMAIN");

  /** The weightiest first. */
  List<Finding> all() {
    var found = new ArrayList<Finding>();
    if (linted != null) {
      found.addAll(reported(linted));
      found.addAll(read(linted));
    }
    if (trace != null) {
      found.addAll(traced(trace));
    }
    return found.stream().distinct().sorted((a, b) -> b.level().compareTo(a.level())).toList();
  }

  private List<Finding> reported(Linted said) {
    return said.reports().stream()
        .filter(it -> Rules.of(it.rule()).about() != Rules.About.OURS)
        .filter(it -> statement.transactional() || !it.rule().equals(IN_TRANSACTION))
        .filter(it -> !isNoAdvice(it, said.reports()))
        .map(this::reported)
        .toList();
  }

  /** Squawk says it of every constraint, and this one can't be NOT VALID. */
  private static boolean isNoAdvice(Linted.Report report, List<Linted.Report> all) {
    return report.rule().equals("constraint-missing-not-valid")
        && all.stream().anyMatch(it -> INDEXED.contains(it.rule()) && it.endsWith(report));
  }

  private Finding reported(Linted.Report report) {
    var rule = Rules.of(report.rule());
    var saferWay = report.help() == null ? rule.saferWay() : report.help();
    return switch (rule.about()) {
      case DATA -> lasting(report.rule(), Level.DESTRUCTIVE, report.message(), saferWay);
      case APPLICATIONS -> lasting(report.rule(), Level.WARNING, report.message(), saferWay);
      case FAILURE -> new Finding(report.rule(), Level.WARNING, report.message(), saferWay);
      case WAITING ->
          waiting(report.rule(), report.message() + unlikeSeen(report.rule()), saferWay);
      case STYLE, OURS -> new Finding(report.rule(), Level.NOTE, report.message(), saferWay);
    };
  }

  /** Nobody misses what only this plan has made. */
  private Finding lasting(String rule, Level level, String message, @Nullable String saferWay) {
    return ownAlone
        ? new Finding(rule, Level.NOTE, message + " Here it concerns what this plan made.", null)
        : new Finding(rule, level, message, saferWay);
  }

  private String unlikeSeen(String rule) {
    boolean seen = trace != null && trace.run() == Trace.Run.IN_TRANSACTION;
    return seen && OF_REWRITES.contains(rule) && rewrites().isEmpty()
        ? " On the scratch database no table was written anew."
        : "";
  }

  /** Where a table is small nobody notices. */
  private Finding waiting(String rule, String message, @Nullable String saferWay) {
    var sizes = String.join(", ", heavy.stream().map(TableSize::inWords).toList());
    return new Finding(
        rule,
        heavy.isEmpty() && sized ? Level.NOTE : Level.WARNING,
        sizes.isEmpty() ? message : message + " Concerns " + sizes + ".",
        saferWay);
  }

  private List<Finding> read(Linted said) {
    return Stream.of(ofRows(said), ofDrops(said), ofCode(said)).flatMap(List::stream).toList();
  }

  private List<Finding> ofRows(Linted said) {
    var found = new ArrayList<Finding>();
    if (said.is("TRUNCATE")) {
      found.add(lasting("truncate", Level.DESTRUCTIVE, "Removes all rows.", "Back up first."));
    }
    if (said.everyRow().contains("DELETE")) {
      found.add(
          lasting(
              "delete-every-row",
              Level.DESTRUCTIVE,
              "A DELETE without WHERE removes all rows.",
              "Say in a WHERE which rows, and delete them in batches; back up first."));
    }
    if (said.everyRow().contains("UPDATE")) {
      found.add(
          waiting(
              "update-every-row",
              "An UPDATE without WHERE writes each row anew and locks it until the transaction"
                  + " ends.",
              "Update in batches, each in a transaction of its own."));
    }
    return found;
  }

  private static List<Finding> ofDrops(Linted said) {
    if (said.is("DROP_OWNED")) {
      return List.of(
          new Finding(
              "drop-owned",
              Level.DESTRUCTIVE,
              "Drops all that a role owns in this database.",
              "Drop what is meant by its name."));
    }
    if (said.cascades() && said.kinds().stream().anyMatch(CASCADING::contains)) {
      return List.of(
          new Finding(
              "drop-cascade",
              Level.DESTRUCTIVE,
              "CASCADE drops the columns of this type, too.",
              "Drop these columns by their names, and then the type without CASCADE."));
    }
    return List.of();
  }

  private List<Finding> ofCode(Linted said) {
    if (measured()) {
      return List.of();
    }
    if (said.runsCode()) {
      return List.of(
          new Finding(
              "runs-code",
              Level.WARNING,
              "What its code does is known only when it runs.",
              "Name a server for scratch databases, where it is tried first; or write plain SQL."));
    }
    return said.unread() && said.reports().isEmpty()
        ? List.of(
            new Finding(
                "unread",
                Level.WARNING,
                "It is part of a statement before it that has no end.",
                null))
        : List.of();
  }

  private boolean measured() {
    return trace != null && trace.measured();
  }

  private List<Finding> traced(Trace seen) {
    var found = new ArrayList<Finding>();
    seen.changes().forEach(it -> found.add(changed(it)));
    if (linted != null && linted.runsCode()) {
      found.addAll(byCode(seen));
    } else if (!rewrites().isEmpty() && !isReportedAsRewrite()) {
      found.add(
          waiting(
              "rewrites-table",
              "Writes %s anew, while others wait.".formatted(String.join(", ", rewrites())),
              null));
    }
    if (statement.transactional() && seen.refusesTransactions()) {
      found.add(
          new Finding(
              "refuses-transactions",
              Level.WARNING,
              "PostgreSQL runs it in no transaction, but it is planned in one.",
              "Put it into a script of its own that runs outside a transaction."));
    }
    return found;
  }

  /** Of code only the traces are seen, and the scratch database has no rows. */
  private static List<Finding> byCode(Trace seen) {
    var found = new ArrayList<Finding>();
    if (!seen.newStorage().isEmpty()) {
      found.add(
          new Finding(
              "code-empties-or-rewrites",
              Level.DESTRUCTIVE,
              "Its code empties %s, or writes it anew."
                  .formatted(String.join(", ", seen.newStorage())),
              "Write it as plain SQL, which tells which of both it is."));
    }
    if (!seen.written().isEmpty()) {
      found.add(
          new Finding(
              "code-writes-rows",
              Level.WARNING,
              "Its code inserts, changes or deletes rows of %s; which is not seen."
                  .formatted(String.join(", ", seen.written())),
              "Write it as plain SQL, which tells what it does."));
    }
    return found;
  }

  private static Finding changed(Trace.Change change) {
    return change.newName() == null
        ? new Finding(
            "drops-what-is-there",
            change.holdsData() ? Level.DESTRUCTIVE : Level.WARNING,
            "Drops %s, which is there now.".formatted(change.object()),
            Rules.of("ban-drop-table").saferWay())
        : new Finding(
            "renames-what-is-there",
            Level.WARNING,
            "Renames %s, which is there now, to %s.".formatted(change.object(), change.newName()),
            Rules.of("renaming-table").saferWay());
  }

  /** Tables that are written anew: to be emptied is not that. */
  List<String> rewrites() {
    boolean emptied = linted != null && linted.is("TRUNCATE");
    return trace == null || emptied ? List.of() : trace.newStorage();
  }

  private boolean isReportedAsRewrite() {
    return linted != null
        && linted.reports().stream().map(Linted.Report::rule).anyMatch(OF_REWRITES::contains);
  }
}
