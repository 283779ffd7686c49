package io.tunetrail.operator.status;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/** A size for people: two significant digits, so that a status does not change with every row. */
public final class ByteSize {
  private static final List<String> UNITS = List.of("bytes", "kB", "MB", "GB", "TB", "PB");

  private ByteSize() {}

  /** As in 7.4 MB or 120 MB, with units of 1024 as PostgreSQL's pg_size_pretty has them. */
  public static String format(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1000 && unit < UNITS.size() - 1) {
      value /= 1024;
      unit++;
    }
    var rounded = new BigDecimal(value).round(new MathContext(2, RoundingMode.HALF_UP));
    return rounded.stripTrailingZeros().toPlainString() + " " + UNITS.get(unit);
  }
}
