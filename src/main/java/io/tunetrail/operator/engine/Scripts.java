package io.tunetrail.operator.engine;

/** A resource's migrations by Flyway: the files themselves, or what an image told of them. */
public sealed interface Scripts permits ScriptSet, ScriptListing {

  /** {@code sha256:} over all that the files are. */
  String digest();
}
