package io.tunetrail.operator.engine;

import java.util.List;
import java.util.Optional;

/**
 * An image that holds migrations, which its inspection tells.
 *
 * @param image its reference
 * @param digest of everything that changes what is told
 */
public record ImageSource(Holds holds, String image, String digest) {

  /** What it holds. */
  public enum Holds {
    REVISIONS("revisions", "graph.json"),
    SCRIPTS("scripts", "listing.json");

    private final String text;
    private final String file;

    Holds(String text, String file) {
      this.text = text;
      this.file = file;
    }

    /** The name of the file that keeps what was told. */
    public String file() {
      return file;
    }

    /** Reads JSON of such content; throws {@link IllegalArgumentException} for other texts. */
    public ImageContent parse(String json) {
      return switch (this) {
        case REVISIONS -> RevisionGraph.parse(json);
        case SCRIPTS -> ScriptListing.parse(json);
      };
    }

    /** The last content of this kind in a log; empty where there is none, or not all of it. */
    public Optional<ImageContent> told(String log) {
      try {
        return LogFrame.parse(log, frame()).map(this::parse);
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    /** The lines of a log that tell it. */
    public List<String> telling(ImageContent content) {
      return LogFrame.lines(content.toJson(), frame());
    }

    private String frame() {
      return "tunetrail-" + text;
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
