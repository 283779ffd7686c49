package io.tunetrail.operator.waiting;

import io.tunetrail.operator.database.VersionHistory.Answer;

/** Whether what is waited for is there, as the histories say it; decided without clock or SQL. */
sealed interface Arrival {

  String words();

  /** It is there, in these words. */
  record Arrived(String words) implements Arrival {}

  /** It is not; the words say what is there instead. */
  record Missing(String words) implements Arrival {}

  static Arrival of(Answer answer, WaitOrder order) {
    return switch (answer) {
      case Answer.Unanswered unanswered -> new Missing(unanswered.detail());
      case Answer.NoHistory _ ->
          new Missing("there is no tunetrail.history yet, nor an engine's own history");
      case Answer.Recorded recorded -> of(recorded, order);
    };
  }

  private static Arrival of(Answer.Recorded recorded, WaitOrder order) {
    var schemas = Schemas.of(recorded, order.schema());
    return switch (order.wanted()) {
      case Wanted.Version version -> schemas.find(version.text());
      case Wanted.CreateAll _ -> created(recorded);
      case Wanted.Current _ ->
          recorded.created() && !order.namesPlace() ? created(recorded) : schemas.any();
    };
  }

  private static Arrival created(Answer.Recorded recorded) {
    return recorded.created()
        ? new Arrived("create-all is done")
        : new Missing("no create-all has ended well yet");
  }
}
