package io.tunetrail.operator.backup;

/**
 * How large the parts of an upload are whose length nobody knows before its end: S3 takes 10,000 of
 * at most 5 GiB, and archives of 5 TiB. They are of one size as long as can be, for some servers
 * want all but the last to be.
 */
final class PartSizes {
  static final int MOST = 10_000;

  private static final long MIB = 1L << 20;

  /** With parts of one size up to 62 GiB. */
  private static final int LAST_SMALL = 4_000;

  private static final int LAST_MIDDLE = 6_000;

  private PartSizes() {}

  /**
   * In bytes.
   *
   * @param number of the part, from 1
   */
  static long of(int number) {
    if (number <= LAST_SMALL) {
      return 16 * MIB;
    }
    return number <= LAST_MIDDLE ? 128 * MIB : 1_280 * MIB;
  }
}
