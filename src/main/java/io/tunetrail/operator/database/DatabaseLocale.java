package io.tunetrail.operator.database;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * How a database encodes and orders texts.
 *
 * @param provider as in pg_database.datlocprovider; null before PostgreSQL 15, which has but one
 * @param locale of the providers icu and builtin; null for libc
 */
public record DatabaseLocale(
    String encoding,
    String collate,
    String characterType,
    @Nullable String provider,
    @Nullable String locale,
    @Nullable String icuRules) {
  private static final int FIRST_WITH_PROVIDERS = 150000;

  /** By name, because the columns are not the same ones in every version. */
  private static final String OF_DATABASE =
      """
      SELECT pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype,
        pg_catalog.to_jsonb(d) ->> 'datlocprovider',
        COALESCE(pg_catalog.to_jsonb(d) ->> 'datlocale', pg_catalog.to_jsonb(d) ->> 'daticulocale'),
        pg_catalog.to_jsonb(d) ->> 'daticurules'
      FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
      """;

  /** That of the database this session is in. */
  public static DatabaseLocale read(Connection connection) throws SQLException {
    return SearchPath.trusted(connection, DatabaseLocale::ask);
  }

  private static DatabaseLocale ask(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement(OF_DATABASE)) {
      return Rows.single(
          query,
          row ->
              new DatabaseLocale(
                  row.getString(1),
                  row.getString(2),
                  row.getString(3),
                  row.getString(4),
                  row.getString(5),
                  row.getString(6)));
    }
  }

  /** What every server can do: the same encoding, ordered by bytes. */
  DatabaseLocale plain() {
    return new DatabaseLocale(encoding, "C", "C", "c", null, null);
  }

  /** The options of CREATE DATABASE. */
  String options(int serverVersion) {
    var libc =
        " ENCODING %s LC_COLLATE %s LC_CTYPE %s"
            .formatted(
                Identifier.literal(encoding),
                Identifier.literal(collate),
                Identifier.literal(characterType));
    return serverVersion < FIRST_WITH_PROVIDERS || provider == null ? libc : libc + provided();
  }

  private String provided() {
    if ("i".equals(provider)) {
      return " LOCALE_PROVIDER icu ICU_LOCALE "
          + Identifier.literal(String.valueOf(locale))
          + (icuRules == null ? "" : " ICU_RULES " + Identifier.literal(icuRules));
    }
    return "b".equals(provider)
        ? " LOCALE_PROVIDER builtin BUILTIN_LOCALE " + Identifier.literal(String.valueOf(locale))
        : " LOCALE_PROVIDER libc";
  }
}
