package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The product's edition, which picks the initialization method: community creates what is missing,
 * the others migrate.
 */
public enum Edition {
  @JsonProperty("community")
  COMMUNITY("community"),
  @JsonProperty("commercial")
  COMMERCIAL("commercial"),
  @JsonProperty("saas")
  SAAS("saas"),
  @JsonProperty("enterprise")
  ENTERPRISE("enterprise");

  private final String text;

  Edition(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
