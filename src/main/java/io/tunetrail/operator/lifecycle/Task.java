package io.tunetrail.operator.lifecycle;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a Job is for; the text is that of its name, of tunetrail.history and of a runner's role. */
public enum Task {
  /** Looks at the database, where the operator's own pod can't; changes nothing. */
  LOOK("look"),
  /** Reads what an image holds; touches no database. */
  INSPECT("inspect"),
  CREATE_ALL("create-all"),
  /** Shows the SQL of what would run; changes nothing. */
  PLAN("plan"),
  MIGRATE("migrate"),
  /** Goes back by the project's own reverse scripts. */
  UNDO("undo"),
  /** Notes, after a comparison, the version of a database that has tables and no history. */
  BASELINE("baseline"),
  /** Puts fixtures in. */
  SEED("seed"),
  /** Lets a project's Alembic write its next revision, on a scratch database. */
  GENERATE("generate"),
  /** The same for the first revision, with the project around it where there is none. */
  SETUP("setup"),
  /** Reads where models and database differ. */
  CHECK("check"),
  /** Reads what a person asks of a database: what its role may do, or what its schemas hold. */
  EXAMINE("examine"),
  /** Makes a backup, by a CronJob or by hand from it. */
  BACKUP("backup"),
  /** Restores a backup into a scratch database and compares. */
  VERIFY("verify"),
  /** Puts a backup into a new database, or in the live one's place. */
  RESTORE("restore");

  private final String text;

  Task(String text) {
    this.text = text;
  }

  /** Whether it is work on the schema itself. */
  public boolean changesSchema() {
    return switch (this) {
      case CREATE_ALL, MIGRATE, UNDO, BASELINE -> true;
      case LOOK, INSPECT, PLAN, SEED, GENERATE, SETUP, CHECK, EXAMINE, BACKUP, VERIFY, RESTORE ->
          false;
    };
  }

  /** Whether a person starts it by the command line, and the operator never does. */
  public boolean startedByHand() {
    return switch (this) {
      case GENERATE, SETUP, CHECK, EXAMINE -> true;
      case LOOK,
          INSPECT,
          PLAN,
          CREATE_ALL,
          MIGRATE,
          UNDO,
          BASELINE,
          SEED,
          BACKUP,
          VERIFY,
          RESTORE ->
          false;
    };
  }

  @JsonValue
  @Override
  public String toString() {
    return text;
  }
}
