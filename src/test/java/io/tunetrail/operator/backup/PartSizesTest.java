package io.tunetrail.operator.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PartSizesTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  private static long upTo(int parts) {
    return IntStream.rangeClosed(1, parts).mapToLong(PartSizes::of).sum();
  }

  @Test
  void all_parts_hold_the_largest_object_that_there_is() {
    assertThat(upTo(PartSizes.MOST)).isGreaterThanOrEqualTo(5 * 1024 * GIB);
  }

  @Test
  void each_part_is_of_a_size_that_s3_takes() {
    assertThat(IntStream.rangeClosed(1, PartSizes.MOST).mapToLong(PartSizes::of))
        .allMatch(it -> it >= 5 * MIB && it <= 5 * GIB);
  }

  @Test
  void an_archive_of_60_gib_has_parts_of_one_size() {
    assertThat(IntStream.rangeClosed(1, 3_840).mapToLong(PartSizes::of).distinct()).hasSize(1);
    assertThat(upTo(3_840)).isEqualTo(60 * GIB);
  }
}
