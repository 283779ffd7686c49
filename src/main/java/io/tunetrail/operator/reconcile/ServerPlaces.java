package io.tunetrail.operator.reconcile;

import java.util.concurrent.Semaphore;

/**
 * The places for looks at one server. There are fewer while looks find no answer in time, down to a
 * third: where the server or this operator has too little processor for all, looks that share it
 * would end by their timeout one and all, and the next ones too.
 */
final class ServerPlaces {
  private final Semaphore free;
  private final int most;
  private int places;
  private int answersInARow;

  ServerPlaces(int most) {
    this.most = most;
    places = most;
    free = new Semaphore(most, true);
  }

  /** From which a look takes its place; it gives it back by {@link #giveBack} only. */
  Semaphore free() {
    return free;
  }

  /** How many looks may go on at once now. */
  synchronized int count() {
    return places;
  }

  /** Gives a place back; after as many answers in a row as there are places there is one more. */
  synchronized void giveBack(boolean answered) {
    if (!answered) {
      answersInARow = 0;
      if (places > Math.max(1, most / 3)) {
        places--;
        return;
      }
    } else if (places < most && ++answersInARow >= places) {
      answersInARow = 0;
      places++;
      free.release();
    }
    free.release();
  }
}
