package io.tunetrail.operator.cli;

/** How words stand out: by a terminal's colours, or not at all. */
enum Style {
  PLAIN,
  COLOURED;

  String heading(String text) {
    return in("1", text);
  }

  String good(String text) {
    return in("32", text);
  }

  String waiting(String text) {
    return in("33", text);
  }

  String bad(String text) {
    return in("31", text);
  }

  private String in(String code, String text) {
    return switch (this) {
      case PLAIN -> text;
      case COLOURED -> "\u001b[" + code + "m" + text + "\u001b[0m";
    };
  }
}
