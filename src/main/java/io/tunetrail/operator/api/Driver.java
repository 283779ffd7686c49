package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The Python driver that a URL is for; each spells its TLS parameters in its own way. */
public enum Driver {
  /** A plain {@code postgresql://}, as libpq and most drivers read it. */
  @JsonProperty("none")
  NONE("none"),
  @JsonProperty("psycopg")
  PSYCOPG("psycopg"),
  @JsonProperty("psycopg2")
  PSYCOPG2("psycopg2"),
  @JsonProperty("asyncpg")
  ASYNCPG("asyncpg");

  private final String text;

  Driver(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
