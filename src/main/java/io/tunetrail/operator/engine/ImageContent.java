package io.tunetrail.operator.engine;

/** What an image told of the migrations that it holds. */
public sealed interface ImageContent permits RevisionGraph, ScriptListing {

  /** Digest of every file that was read. */
  String scripts();

  /** What {@link ImageSource.Holds#parse} reads. */
  String toJson();
}
