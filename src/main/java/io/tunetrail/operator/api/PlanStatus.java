package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The plan of what would run. What it binds is told part by part, so that it can be said which of
 * them changed.
 *
 * @param digest what spec.approval.digest names under migration.approval: Plan
 * @param configMap the name of the first that holds the SQL; null where it is not kept
 * @param from the version it begins at; null before the first
 * @param target the version it leads to; null for going back before the first
 * @param statements how many
 * @param destructive whether data is gone afterwards, or may be: of code that nobody saw run it is
 *     not known; null: not analysed
 * @param warnings how many the analysis has; null: not analysed
 * @param image what will run, by the digest that the registry gave; null where none did, and where
 *     no image is needed
 * @param content digest of the scripts, in order
 * @param settings digest of the engine's settings
 * @param database digest of the database's identity
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlanStatus(
    String digest,
    @Nullable String configMap,
    @Nullable String from,
    @Nullable String target,
    @Nullable Integer statements,
    @Nullable Boolean destructive,
    @Nullable Integer warnings,
    @Nullable String image,
    String content,
    String settings,
    String database) {

  /** The same, once it is kept. */
  public PlanStatus kept(
      String name, int count, @Nullable Boolean isDestructive, @Nullable Integer warned) {
    return new PlanStatus(
        digest,
        name,
        from,
        target,
        count,
        isDestructive,
        warned,
        image,
        content,
        settings,
        database);
  }
}
