package io.tunetrail.operator.migration;

import io.tunetrail.operator.api.Reason;

/** The outcome of work that the database put an end to. */
public final class Outcomes {
  private Outcomes() {}

  /** Of a failure before anything was begun. */
  public static Outcome beforeWork(Reason reason) {
    return switch (reason) {
      case MIGRATION_FAILED -> Outcome.INTERNAL_ERROR;
      case CONNECTION_LOST -> Outcome.UNREACHABLE;
      default -> duringWork(reason);
    };
  }

  /** Of a failure while scripts ran. */
  public static Outcome duringWork(Reason reason) {
    return switch (reason) {
      case AUTHENTICATION_FAILED -> Outcome.AUTHENTICATION_FAILED;
      case INSUFFICIENT_PRIVILEGE -> Outcome.INSUFFICIENT_PRIVILEGE;
      case LOCK_TIMEOUT -> Outcome.LOCK_TIMEOUT;
      case STATEMENT_TIMEOUT -> Outcome.STATEMENT_TIMEOUT;
      case READ_ONLY_REPLICA -> Outcome.READ_ONLY_REPLICA;
      case TRANSACTION_POOLING -> Outcome.TRANSACTION_POOLING;
      case LOCK_NOT_OBTAINED -> Outcome.LOCK_NOT_OBTAINED;
      case CONNECTION_LOST -> Outcome.CONNECTION_LOST;
      case DATABASE_UNREACHABLE, DATABASE_MISSING, TOO_MANY_CONNECTIONS, TLS_FAILED ->
          Outcome.UNREACHABLE;
      default -> Outcome.SQL_FAILED;
    };
  }
}
