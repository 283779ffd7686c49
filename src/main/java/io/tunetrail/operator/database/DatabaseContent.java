package io.tunetrail.operator.database;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a dump holds and needs, as of its snapshot.
 *
 * @param systemIdentifier of the cluster; null where it may not be read
 * @param oid of the database
 * @param serverVersion as in server_version_num, 170010 for 17.10
 * @param migrationVersion of the engine whose table has any, several of Alembic's joined by commas;
 *     null where there is none
 * @param extensions that must be there to restore it
 * @param roles that own something in it or are granted something
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatabaseContent(
    String database,
    @Nullable String systemIdentifier,
    long oid,
    int serverVersion,
    @Nullable String migrationVersion,
    DatabaseLocale locale,
    List<Extension> extensions,
    List<String> roles) {

  /** An extension, by name. */
  public record Extension(String name, String version, String schema) {}

  /** How many rows a table has, without those of what inherits from it. */
  public record TableRows(String schema, String table, long rows) {}
}
