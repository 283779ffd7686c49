package io.tunetrail.operator.lifecycle;

/** How a schema comes to be; the text is that of status.initializationMethod. */
public enum Method {
  CREATE_ALL("create-all"),
  FLYWAY("flyway"),
  ALEMBIC("alembic");

  private final String text;

  Method(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
