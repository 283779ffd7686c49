package io.tunetrail.operator.lifecycle;

/**
 * How a schema comes to be; the text is that of status.initializationMethod and of a Job's role.
 */
public enum Method {
  CREATE_ALL("create-all", "create-all"),
  FLYWAY("flyway", "migrate");

  private final String text;
  private final String role;

  Method(String text, String role) {
    this.text = text;
    this.role = role;
  }

  /** The program's role that does the work, its first argument. */
  public String role() {
    return role;
  }

  @Override
  public String toString() {
    return text;
  }
}
