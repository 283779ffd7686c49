package io.tunetrail.operator.backup;

/** A backup can't be encrypted or opened by the keys that are there. */
final class KeyUnfit extends Exception {
  private static final long serialVersionUID = 1L;

  KeyUnfit(String words) {
    super(words);
  }

  String words() {
    return String.valueOf(getMessage());
  }
}
