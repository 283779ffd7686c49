package io.tunetrail.operator.cli;

import io.tunetrail.operator.api.Condition;
import io.tunetrail.operator.api.Reason;
import io.tunetrail.operator.status.Conditions;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How a database stands, in a few words. */
final class StateText {
  private StateText() {}

  /** As in: AwaitingApproval, waits for a person. */
  static String of(Database database, Style style) {
    return style(database, style)
        .apply(
            database.isSeen()
                ? "%s, %s".formatted(reason(database), words(database))
                : unseen(database));
  }

  /** The reason alone, for a table. */
  static String reason(Database database) {
    return database.condition(Conditions.READY).map(Condition::reason).orElse("-");
  }

  private static String unseen(Database database) {
    return database.status() == null
        ? "the operator has not looked at it yet; see kubectl tunetrail doctor"
        : "the operator has not looked at the newest spec yet; before it was " + reason(database);
  }

  private static String words(Database database) {
    return switch (kind(database)) {
      case null -> database.isReady() ? "ready" : "not ready";
      case READY -> "ready";
      case WORKING -> "goes on by itself";
      case GATED -> "waits for a person, as it should";
      case HEALING -> "tried again by itself until the cause is gone";
      case STALLED -> "waits until somebody changes something";
    };
  }

  private static Reason.@Nullable Kind kind(Database database) {
    return database.reason().map(Reason::kind).orElse(null);
  }

  static UnaryOperator<String> style(Database database, Style style) {
    var kind = database.isSeen() ? kind(database) : Reason.Kind.WORKING;
    return switch (Objects.requireNonNullElse(kind, Reason.Kind.WORKING)) {
      case READY -> style::good;
      case WORKING, GATED -> style::waiting;
      case HEALING, STALLED -> style::bad;
    };
  }
}
