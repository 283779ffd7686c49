package io.tunetrail.operator.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Custom resources as {@code kubectl get} prints them, by the CRD's printer columns.
 *
 * @param columns after the name, which kubectl always shows first
 */
record KubectlTable(List<PrinterColumn> columns) {
  private static final int LEAST_WIDTH = 6;
  private static final int PADDING = 3;

  static KubectlTable of(CustomResourceDefinition crd) {
    return new KubectlTable(
        crd.getSpec().getVersions().getFirst().getAdditionalPrinterColumns().stream()
            .map(PrinterColumn::of)
            .toList());
  }

  /** The lines, the heading first, without a line's end; a cell without a value is blank. */
  String print(List<?> resources, Instant now) {
    var rows = new ArrayList<List<String>>();
    rows.add(headings().map(name -> name.toUpperCase(Locale.ROOT)).toList());
    for (var resource : resources) {
      rows.add(cells(Serialization.unmarshal(Serialization.asJson(resource), JsonNode.class), now));
    }
    return rows.stream()
        .map(row -> line(row, widths(rows)))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  /**
   * What the API server answers to a client that asks for a Table: of a list's items, or of one
   * object.
   */
  Map<String, Object> toTable(JsonNode found) {
    var items = found.has("items") ? found.path("items") : List.of(found);
    return Map.of(
        "kind", "Table",
        "apiVersion", "meta.k8s.io/v1",
        "metadata", Map.of("resourceVersion", found.at("/metadata/resourceVersion").asText()),
        "columnDefinitions", headings().map(KubectlTable::definition).toList(),
        "rows", StreamSupport.stream(items.spliterator(), false).map(this::row).toList());
  }

  private static Map<String, Object> definition(String name) {
    return Map.of("name", name, "type", "string", "format", "", "description", "", "priority", 0);
  }

  private Map<String, Object> row(JsonNode object) {
    var shown =
        Map.of(
            "kind", "PartialObjectMetadata",
            "apiVersion", "meta.k8s.io/v1",
            "metadata", object.path("metadata"));
    return Map.of("cells", cells(object, Instant.now()), "object", shown);
  }

  private Stream<String> headings() {
    return Stream.concat(Stream.of("Name"), columns.stream().map(PrinterColumn::name));
  }

  private List<String> cells(JsonNode object, Instant now) {
    var name = object.at("/metadata/name").asText();
    return Stream.concat(Stream.of(name), columns.stream().map(column -> column.cell(object, now)))
        .toList();
  }

  private static List<Integer> widths(List<List<String>> rows) {
    return IntStream.range(0, rows.getFirst().size())
        .mapToObj(i -> rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0))
        .map(longest -> Math.max(LEAST_WIDTH, longest + PADDING))
        .toList();
  }

  private static String line(List<String> row, List<Integer> widths) {
    int last = row.size() - 1;
    return IntStream.range(0, last)
            .mapToObj(i -> row.get(i) + " ".repeat(widths.get(i) - row.get(i).length()))
            .collect(Collectors.joining())
        + row.get(last);
  }
}
