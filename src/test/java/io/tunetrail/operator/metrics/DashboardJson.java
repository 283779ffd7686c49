package io.tunetrail.operator.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** From panels.yaml to a dashboard as Grafana 10 and newer read it. */
final class DashboardJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int SCHEMA = 39;
  private static final int COLUMNS = 24;
  private static final int HEIGHT = 8;

  private final ArrayNode panels = JSON.arrayNode();
  private int left;
  private int top;
  private int bottom;

  private DashboardJson() {}

  static ObjectNode of(JsonNode source) {
    var dashboard = JSON.objectNode();
    dashboard.put("uid", text(source, "uid")).put("title", text(source, "title"));
    dashboard.put("description", text(source, "description"));
    dashboard.putArray("tags").add("tunetrail");
    dashboard.put("schemaVersion", SCHEMA).put("editable", true).put("graphTooltip", 1);
    dashboard.put("refresh", "30s").put("timezone", "browser");
    dashboard.putObject("time").put("from", "now-6h").put("to", "now");
    dashboard.putArray("links").add(link(source.path("link")));
    dashboard.putObject("templating").set("list", variables(source.path("variables")));
    dashboard.set("panels", new DashboardJson().rows(source.path("rows")));
    return dashboard;
  }

  private static ObjectNode link(JsonNode link) {
    return JSON.objectNode()
        .put("type", "link")
        .put("title", text(link, "title"))
        .put("url", "/d/" + text(link, "uid"))
        .put("icon", "dashboard")
        .put("includeVars", link.path("variables").asBoolean())
        .put("keepTime", true);
  }

  private static ArrayNode variables(JsonNode variables) {
    var list = JSON.arrayNode();
    list.addObject()
        .put("name", "datasource")
        .put("label", "Data source")
        .put("type", "datasource")
        .put("query", "prometheus");
    for (var variable : variables) {
      list.add(variable(variable));
    }
    return list;
  }

  private static ObjectNode variable(JsonNode source) {
    boolean many = source.path("many").asBoolean();
    var variable =
        JSON.objectNode()
            .put("name", text(source, "name"))
            .put("label", text(source, "label"))
            .put("type", "query")
            .put("refresh", 2)
            .put("sort", 1)
            .put("multi", many)
            .put("includeAll", many)
            .put("definition", text(source, "query"));
    if (many) {
      variable.put("allValue", ".*");
      variable.putObject("current").put("text", "All").put("value", "$__all");
    }
    variable.set("datasource", datasource());
    variable
        .putObject("query")
        .put("qryType", 1)
        .put("query", text(source, "query"))
        .put("refId", "PrometheusVariableQueryEditor-VariableQuery");
    return variable;
  }

  private static ObjectNode datasource() {
    return JSON.objectNode().put("type", "prometheus").put("uid", "${datasource}");
  }

  private ArrayNode rows(JsonNode rows) {
    for (var row : rows) {
      place(
          JSON.objectNode()
              .put("type", "row")
              .put("title", text(row, "title"))
              .put("collapsed", false)
              .set("panels", JSON.arrayNode()),
          COLUMNS,
          1);
      for (var panel : row.path("panels")) {
        place(
            DashboardPanel.of(panel).put("description", text(panel, "description")),
            panel.path("width").asInt(),
            panel.path("height").asInt(HEIGHT));
      }
    }
    return panels;
  }

  /** From left to right, and below what is there where the row is full. */
  private void place(JsonNode made, int width, int height) {
    var panel = (ObjectNode) made;
    if (left + width > COLUMNS) {
      left = 0;
      top = bottom;
    }
    panel.put("id", panels.size() + 1);
    panel.putObject("gridPos").put("x", left).put("y", top).put("w", width).put("h", height);
    if (!panel.path("type").asText().equals("row")) {
      panel.set("datasource", datasource());
    }
    left += width;
    bottom = Math.max(bottom, top + height);
    panels.add(panel);
  }

  static String text(JsonNode source, String field) {
    return source.path(field).asText();
  }
}
