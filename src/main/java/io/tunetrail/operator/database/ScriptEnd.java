package io.tunetrail.operator.database;

import io.tunetrail.operator.lifecycle.SchemaState;
import io.tunetrail.operator.lifecycle.SchemaState.State;

/** Whether the history of the engine knows that a script ended well. */
public final class ScriptEnd {
  private ScriptEnd() {}

  /** A repeatable script's success may be that of an earlier run, and so proves nothing. */
  public static boolean isRecorded(String script, SchemaState state) {
    return state instanceof SchemaState.Flyway flyway
        && flyway.migrations().stream()
            .anyMatch(
                it ->
                    it.script().equals(script)
                        && it.version() != null
                        && (it.state() == State.APPLIED || it.state() == State.CHANGED));
  }
}
