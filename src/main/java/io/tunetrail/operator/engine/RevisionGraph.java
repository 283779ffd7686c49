package io.tunetrail.operator.engine;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The revisions that an image's Alembic knows, as its own ScriptDirectory tells them.
 *
 * @param revisions each after those it builds on
 * @param scripts digest of every file of the script directory, env.py included
 * @param environment digest of env.py and the ini file
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RevisionGraph(List<Revision> revisions, String scripts, String environment)
    implements ImageContent {

  /**
   * One revision.
   *
   * @param down what it builds on; several for a merge
   * @param dependsOn of other branches, to be there before it
   * @param labels names of the branch that begins here
   * @param digest of its file
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Revision(
      String id,
      List<String> down,
      List<String> dependsOn,
      List<String> labels,
      String message,
      String digest) {}

  /** What a target means among these revisions. */
  public sealed interface Resolution {

    /** These revisions; none for {@code base}. */
    record Found(List<String> ids) implements Resolution {}

    /** There is no such revision, or nothing that begins so. */
    record Unknown(String target) implements Resolution {}

    /** Several could be meant: heads, or revisions that begin so. */
    record Several(List<String> ids) implements Resolution {}
  }

  /** Reads what {@link #toJson} wrote; throws {@link IllegalArgumentException} for other texts. */
  public static RevisionGraph parse(String json) {
    try {
      return Json.MAPPER.readValue(json, RevisionGraph.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a graph of revisions: " + e.getOriginalMessage(), e);
    }
  }

  @Override
  public String toJson() {
    try {
      return Json.MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of texts is always JSON", e);
    }
  }

  /** Revisions that no other builds on. */
  public List<String> heads() {
    var built = new LinkedHashSet<String>();
    revisions.forEach(it -> built.addAll(it.down()));
    return revisions.stream().map(Revision::id).filter(it -> !built.contains(it)).toList();
  }

  public boolean knows(String id) {
    return revisions.stream().anyMatch(it -> it.id().equals(id));
  }

  /**
   * What a target means: {@code latest} and {@code head} the one head (of the branch, where one is
   * given), {@code heads} all, {@code base} none, else a revision or a unique beginning of one. A
   * label before it, as in {@code LABEL@heads}, narrows it to a branch.
   */
  public Resolution resolve(String target, @Nullable String branch) {
    return switch (target) {
      case "latest", "head" -> head(branch);
      case "heads" -> new Resolution.Found(heads());
      case "base" -> new Resolution.Found(List.of());
      default -> {
        int at = target.indexOf('@');
        yield at > 0 ? labelled(target, at) : named(target);
      }
    };
  }

  /** The base of one branch is no state of the whole database, so it is not one to ask for. */
  private Resolution labelled(String target, int at) {
    var label = target.substring(0, at);
    var name = target.substring(at + 1);
    return switch (name) {
      case "base" -> new Resolution.Unknown(target);
      case "heads" -> {
        var heads = headsOf(label);
        yield heads.isEmpty() ? new Resolution.Unknown(label) : new Resolution.Found(heads);
      }
      default -> resolve(name, label);
    };
  }

  private Resolution head(@Nullable String branch) {
    var heads = branch == null ? heads() : headsOf(branch);
    if (heads.isEmpty()) {
      return branch == null ? new Resolution.Found(List.of()) : new Resolution.Unknown(branch);
    }
    return heads.size() == 1 ? new Resolution.Found(heads) : new Resolution.Several(heads);
  }

  private List<String> headsOf(String branch) {
    var begins =
        revisions.stream().filter(it -> it.labels().contains(branch)).map(Revision::id).toList();
    return heads().stream()
        .filter(head -> lineage(List.of(head), false).stream().anyMatch(begins::contains))
        .toList();
  }

  private Resolution named(String target) {
    if (knows(target)) {
      return new Resolution.Found(List.of(target));
    }
    var begin = revisions.stream().map(Revision::id).filter(it -> it.startsWith(target)).toList();
    return switch (begin.size()) {
      case 0 -> new Resolution.Unknown(target);
      case 1 -> new Resolution.Found(begin);
      default -> new Resolution.Several(begin);
    };
  }

  /** These revisions and all that they build or depend on, in the order they run. */
  public List<Revision> ancestry(Collection<String> ids) {
    var wanted = lineage(ids, true);
    return revisions.stream().filter(it -> wanted.contains(it.id())).toList();
  }

  /**
   * What going back from these revisions to a target takes back, newest first: all that builds on
   * it, and all that depends on such a revision. What only depends on the target itself stays, for
   * Alembic's own {@code downgrade} leaves it. None where the target is where the database is.
   *
   * @param ids the version table's rows
   * @param target none for {@code base}
   */
  public List<Revision> above(Collection<String> ids, Collection<String> target) {
    var applied = ancestry(ids);
    var first =
        applied.stream()
            .filter(it -> target.isEmpty() || it.down().stream().anyMatch(target::contains))
            .map(Revision::id)
            .toList();
    return applied.reversed().stream()
        .filter(it -> lineage(List.of(it.id()), true).stream().anyMatch(first::contains))
        .toList();
  }

  private Set<String> lineage(Collection<String> ids, boolean dependencies) {
    var byId = byId();
    var seen = new LinkedHashSet<String>();
    var open = new ArrayDeque<>(ids);
    while (!open.isEmpty()) {
      var revision = byId.get(open.pop());
      if (revision != null && seen.add(revision.id())) {
        open.addAll(revision.down());
        if (dependencies) {
          open.addAll(revision.dependsOn());
        }
      }
    }
    return seen;
  }

  private Map<String, Revision> byId() {
    var byId = new HashMap<String, Revision>();
    revisions.forEach(it -> byId.put(it.id(), it));
    return byId;
  }

  private static final class Json {
    static final JsonMapper MAPPER = JsonMapper.builder().build();
  }
}
