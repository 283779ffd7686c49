package io.tunetrail.operator.health;

/** Who may ask. */
public interface Access {
  /** What becomes of a question. */
  enum Decision {
    ALLOWED,
    /** The token is none that the API server knows. */
    UNAUTHENTICATED,
    FORBIDDEN,
    /** The API server was not to be asked, or may not be. */
    UNDECIDED
  }

  /**
   * Whether the bearer of a token may ask about a database; blocks for as long as the API server
   * takes.
   */
  Decision decide(String token, String namespace, String name);
}
