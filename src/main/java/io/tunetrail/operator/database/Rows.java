package io.tunetrail.operator.database;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Rows of a query as values. */
final class Rows {
  private Rows() {}

  /** One row as a value. */
  interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  static <T> List<T> all(PreparedStatement query, Mapper<T> mapper) throws SQLException {
    try (var rows = query.executeQuery()) {
      var values = new ArrayList<T>();
      while (rows.next()) {
        values.add(mapper.map(rows));
      }
      return values;
    }
  }

  /** The row of a query that always has one. */
  static <T> T single(PreparedStatement query, Mapper<T> mapper) throws SQLException {
    return all(query, mapper).getFirst();
  }
}
