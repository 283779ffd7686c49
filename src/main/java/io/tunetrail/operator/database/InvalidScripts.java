package io.tunetrail.operator.database;

/** The files can't be read as migrations; the message names each that is wrong and how. */
public final class InvalidScripts extends Exception {

  public InvalidScripts(String message) {
    super(message);
  }
}
