package io.tunetrail.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerPlacesTest {
  private static final int MOST = 9;

  private final ServerPlaces places = new ServerPlaces(MOST);

  private void look(int times, boolean answered) {
    for (int i = 0; i < times; i++) {
      assertThat(places.free().tryAcquire()).isTrue();
      places.giveBack(answered);
      assertThat(places.free().availablePermits()).isEqualTo(places.count());
    }
  }

  @Test
  void looks_without_an_answer_leave_a_third_of_the_places() {
    look(2, false);
    assertThat(places.count()).isEqualTo(MOST - 2);
    look(100, false);
    assertThat(places.count()).isEqualTo(MOST / 3);
  }

  @Test
  void answers_bring_them_back_one_by_one_and_no_more_than_there_were() {
    look(100, false);
    look(2, true);
    assertThat(places.count()).isEqualTo(3);
    look(1, true);
    assertThat(places.count()).isEqualTo(4);
    look(100, true);
    assertThat(places.count()).isEqualTo(MOST);
  }

  @Test
  void a_look_without_an_answer_begins_the_count_of_answers_anew() {
    look(100, false);
    look(2, true);
    look(1, false);
    look(2, true);
    assertThat(places.count()).isEqualTo(3);
  }

  @Test
  void one_place_is_left_of_one() {
    var single = new ServerPlaces(1);
    assertThat(single.free().tryAcquire()).isTrue();
    single.giveBack(false);
    assertThat(single.free().tryAcquire()).isTrue();
  }
}
