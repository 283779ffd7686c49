package io.tunetrail.operator.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the Javadoc of the records says of their components, put into a definition, so that {@code
 * kubectl explain} and the reference tell the same. A component without a {@code @param} has the
 * text of its type.
 */
final class Descriptions {
  private static final Path SOURCES = Path.of("src", "main", "java");
  private static final Pattern PARAMETER =
      Pattern.compile("@param (\\w+) ([^@]*(?:@(?!param)[^@]*)*)");
  private static final Pattern CODE = Pattern.compile("\\{@(?:code|link) #?([^}]*)}");
  private static final Pattern VALUE = Pattern.compile("\\{@value #(\\w+)}");

  private static final Pattern GOES_ON = Pattern.compile("^(of|that|for|by|in|as)\\b");
  private static final Pattern WORD = Pattern.compile("^[a-z]+([ ,;]|[.]?$)");

  private Descriptions() {}

  /** Describes every field of a record's schema, and of those below it. */
  static void describe(JSONSchemaProps schema, Class<?> record) {
    for (var component : record.getRecordComponents()) {
      var field = requireNonNull(schema.getProperties().get(component.getName()));
      field.setDescription(of(record, component));
      var inner = isOurs(component.getGenericType());
      if (inner != null && inner.isRecord()) {
        describe(
            inner == component.getType() ? field : requireNonNull(field.getItems().getSchema()),
            inner);
      }
    }
  }

  /** The text of a type, a sentence or more. */
  static String of(Class<?> type) {
    return sentence(comment(type).split("@param ", 2)[0]);
  }

  private static String of(Class<?> record, RecordComponent component) {
    var type = isOurs(component.getGenericType());
    var values = type != null && type.isEnum() ? values(type) : "";
    var parameters = PARAMETER.matcher(comment(record));
    while (parameters.find()) {
      if (parameters.group(1).equals(component.getName())) {
        return named(component, type, parameters.group(2)) + values;
      }
    }
    if (type == null) {
      throw new IllegalStateException(
          "describe %s.%s by a @param: what it is, its unit, and what it means when it is not given"
              .formatted(record.getSimpleName(), component.getName()));
    }
    return of(type) + values;
  }

  /** What goes on where the component's name, or its type's text, leaves off. */
  private static String named(RecordComponent component, @Nullable Class<?> type, String comment) {
    if (type != null && comment.startsWith("null")) {
      return of(type) + " " + sentence(comment);
    }
    var text =
        GOES_ON.matcher(comment).find() ? words(component.getName()) + " " + comment : comment;
    return sentence(text);
  }

  /** For example {@code time zone} of {@code timeZone}. */
  private static String words(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
  }

  /** Of the constants that have a comment. */
  private static String values(Class<?> type) {
    var said = new ArrayList<String>();
    for (var constant : type.getFields()) {
      var comment = commentOf(constant);
      if (comment != null) {
        said.add(
            "%s: %s"
                .formatted(
                    requireNonNull(constant.getAnnotation(JsonProperty.class)).value(),
                    plain(comment)));
      }
    }
    return said.isEmpty() ? "" : " " + String.join(" ", said);
  }

  private static @Nullable String commentOf(Field constant) {
    if (!constant.isEnumConstant()) {
      return null;
    }
    var found =
        Pattern.compile(
                "/\\*\\*((?:[^*]|\\*(?!/))*)\\*/\\s*@JsonProperty\\(\"[^\"]*\"\\)\\s*%s\\b"
                    .formatted(constant.getName()))
            .matcher(source(constant.getDeclaringClass()));
    return found.find() ? found.group(1) : null;
  }

  /** A type of this package, also as an element of a list; else null. */
  private static @Nullable Class<?> isOurs(Type type) {
    return switch (type) {
      case Class<?> plain when plain.getPackage() == Reason.class.getPackage() -> plain;
      case ParameterizedType list when list.getRawType() == List.class ->
          isOurs(list.getActualTypeArguments()[0]);
      default -> null;
    };
  }

  private static String comment(Class<?> type) {
    var source = source(type);
    var declaration =
        Pattern.compile("\\b(?:record|enum|class) %s\\b".formatted(type.getSimpleName()))
            .matcher(source);
    if (!declaration.find()) {
      throw new IllegalStateException("no declaration of " + type);
    }
    int begin = source.lastIndexOf("/**", declaration.start());
    var text = source.substring(begin + 3, source.indexOf("*/", begin));
    var values = VALUE.matcher(text);
    return values.replaceAll(it -> constant(type, it.group(1)));
  }

  private static String constant(Class<?> type, String name) {
    try {
      return String.valueOf(type.getField(name).get(null));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String source(Class<?> type) {
    var outer = requireNonNull(type.getNestHost());
    try {
      return Files.readString(SOURCES.resolve(outer.getName().replace('.', '/') + ".java"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sentence(String comment) {
    var text = plain(comment);
    var begin = text.substring(0, 1);
    return (WORD.matcher(text).find() ? begin.toUpperCase(Locale.ROOT) : begin)
        + text.substring(1)
        + (text.endsWith(".") ? "" : ".");
  }

  /** Without markup; what is null to the program is not given by who writes YAML. */
  private static String plain(String comment) {
    return CODE.matcher(comment.replaceAll("\\n *\\*", "\n"))
        .replaceAll("$1")
        .replaceAll("\\s+", " ")
        .replace("null:", "where it is not given:")
        .replaceAll("\\bnull\\b", "absent")
        .strip();
  }
}
