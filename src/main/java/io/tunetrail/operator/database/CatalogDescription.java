package io.tunetrail.operator.database;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.tunetrail.operator.database.SchemaSnapshot.Part;
import io.tunetrail.operator.engine.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that users made in a database, short enough to lie beside its dump: what is otherwise after a
 * restore is named, not shown. Owners are left out, because who restores owns all of it where they
 * are not asked for.
 *
 * @param format of the {@link SchemaSnapshot} that it was made of; others are not compared
 * @param serverMajor of the server that spelled it
 * @param digest of all
 * @param objects each object, and each grant on one, with a digest of what it is made of
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CatalogDescription(
    int format, int serverMajor, String digest, SortedMap<String, String> objects) {
  private static final String GRANT = "grant to ";

  /** Enough to tell two definitions of one object apart. */
  private static final int DIGITS = 16;

  static CatalogDescription of(SchemaSnapshot all, int serverMajor) {
    var snapshot = all.only(part -> !part.isOwner());
    var digests = new HashMap<String, Digest>();
    snapshot
        .definitions()
        .forEach(
            (part, text) ->
                digests.computeIfAbsent(named(part), _ -> new Digest()).add(part.part()).add(text));
    var objects = new TreeMap<String, String>();
    digests.forEach((name, digest) -> objects.put(name, shortened(digest)));
    return new CatalogDescription(
        RecordedSchemaTable.FORMAT, serverMajor, snapshot.fingerprint(), objects);
  }

  /** Grants stand alone, because they are otherwise where another role is the owner. */
  private static String named(Part part) {
    return part.part().contains(GRANT) ? part.label() : part.object();
  }

  private static String shortened(Digest digest) {
    return digest.toString().substring("sha256:".length(), "sha256:".length() + DIGITS);
  }

  /**
   * What is otherwise in a database that was restored from a dump of this one, in order. Servers of
   * two majors spell definitions differently, so that only the objects' names are compared then.
   *
   * @param owner of all that was restored: what was granted to it is its own there
   * @param leftOut extensions that were not restored
   */
  public List<String> differences(CatalogDescription restored, String owner, List<String> leftOut) {
    if (format != restored.format()) {
      return List.of();
    }
    var found = new ArrayList<String>();
    objects.forEach(
        (name, digest) -> {
          var there = restored.objects().get(name);
          if (there == null) {
            found.add(name + " is missing");
          } else if (serverMajor == restored.serverMajor() && !there.equals(digest)) {
            found.add(name + " is otherwise");
          }
        });
    restored.objects().keySet().stream()
        .filter(name -> !objects.containsKey(name))
        .forEach(name -> found.add(name + " is there, too"));
    leftOut.forEach(it -> found.remove("extension %s is missing".formatted(quoted(it))));
    found.removeIf(it -> it.contains(GRANT + quoted(owner) + " is "));
    return found;
  }

  /** As quote_ident spells it, where it is no key word. */
  private static String quoted(String name) {
    return name.matches("[a-z_][a-z0-9_]*") ? name : Identifier.quoted(name);
  }
}
