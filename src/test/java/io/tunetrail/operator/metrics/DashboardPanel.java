package io.tunetrail.operator.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** One panel, whose kind says what Grafana makes of its queries. */
record DashboardPanel(JsonNode source) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  static ObjectNode of(JsonNode source) {
    return new DashboardPanel(source).panel();
  }

  private ObjectNode panel() {
    var panel = JSON.objectNode().put("title", text("title"));
    switch (text("kind")) {
      case "stat" -> stat(panel.put("type", "stat"));
      case "bargauge" -> bars(panel.put("type", "bargauge"));
      case "timeline" -> timeline(panel.put("type", "state-timeline"));
      case "table" -> table(panel.put("type", "table"));
      case "timeseries" -> lines(panel.put("type", "timeseries"), "line", "none");
      case "stacked" -> lines(panel.put("type", "timeseries"), "line", "normal");
      case "bars" -> lines(panel.put("type", "timeseries"), "bars", "normal");
      default -> throw new IllegalArgumentException("no kind of panel: " + source);
    }
    panel.set("targets", targets());
    return panel;
  }

  private ArrayNode targets() {
    boolean now = text("kind").matches("stat|bargauge|table");
    var targets = JSON.arrayNode();
    for (var query : source.path("queries")) {
      targets
          .addObject()
          .put("refId", refId(targets.size() - 1))
          .put("expr", DashboardJson.text(query, "expr"))
          .put("legendFormat", query.path("legend").asText("__auto"))
          .put("format", text("kind").equals("table") ? "table" : "time_series")
          .put("instant", now)
          .put("range", !now);
    }
    return targets;
  }

  private static String refId(int index) {
    return String.valueOf((char) ('A' + index));
  }

  private void stat(ObjectNode panel) {
    var color = defaults(panel).putObject("color");
    color.put("mode", source.has("alarm") ? "thresholds" : "fixed");
    if (source.has("alarm")) {
      thresholds(panel);
    } else {
      color.put("fixedColor", "text");
    }
    panel
        .putObject("options")
        .put("textMode", source.path("text").asText("value"))
        .put("colorMode", "value")
        .put("graphMode", "none")
        .set("reduceOptions", last());
  }

  /** Below the first of them all is well, or where green is one, nothing. */
  private void thresholds(ObjectNode panel) {
    var alarm = source.path("alarm");
    var steps = defaults(panel).putObject("thresholds").put("mode", "absolute").putArray("steps");
    steps.addObject().put("color", alarm.has("green") ? "red" : "green").putNull("value");
    alarm
        .properties()
        .forEach(
            it -> steps.addObject().put("color", it.getKey()).put("value", it.getValue().asInt()));
  }

  private static ObjectNode last() {
    var options = JSON.objectNode().put("values", false).put("fields", "");
    options.putArray("calcs").add("lastNotNull");
    return options;
  }

  private void bars(ObjectNode panel) {
    defaults(panel).putObject("color").put("mode", "palette-classic");
    panel
        .putObject("options")
        .put("orientation", "horizontal")
        .put("displayMode", "basic")
        .set("reduceOptions", last());
  }

  private void timeline(ObjectNode panel) {
    var steps = defaults(panel).putObject("thresholds").put("mode", "absolute").putArray("steps");
    steps.addObject().put("color", "orange").putNull("value");
    steps.addObject().put("color", "blue").put("value", 1);
    defaults(panel).putObject("color").put("mode", "thresholds");
    panel.putObject("options").put("mergeValues", true).put("showValue", "never");
  }

  private void lines(ObjectNode panel, String style, String stacking) {
    var defaults = defaults(panel).put("min", 0);
    defaults.putObject("color").put("mode", "palette-classic");
    defaults
        .putObject("custom")
        .put("drawStyle", style)
        .put("fillOpacity", stacking.equals("none") ? 10 : 40)
        .put("showPoints", "never")
        .putObject("stacking")
        .put("mode", stacking)
        .put("group", "A");
    var options = panel.putObject("options");
    options.putObject("legend").put("displayMode", "list").put("placement", "bottom");
    options.putObject("tooltip").put("mode", "multi").put("sort", "desc");
  }

  /** One row for each database: what the queries have in common joins them. */
  private void table(ObjectNode panel) {
    defaults(panel, "none");
    var overrides = JSON.arrayNode();
    var excluded = JSON.objectNode().put("Time", true);
    var renamed = JSON.objectNode();
    int index = 0;
    int queries = source.path("queries").size();
    for (var query : source.path("queries")) {
      var value = queries == 1 ? "Value" : "Value #" + refId(index);
      var column = DashboardJson.text(query, "column");
      if (column.isEmpty()) {
        excluded.put(value, true);
      } else {
        renamed.put(value, column);
        overrides.add(override(column, "unit", query.path("unit")));
      }
      index++;
    }
    overrides.add(override("name", "links", inDepth()));
    ((ObjectNode) panel.path("fieldConfig")).set("overrides", overrides);
    var steps = panel.putArray("transformations");
    steps.addObject().put("id", "merge").putObject("options");
    var organize = steps.addObject().put("id", "organize").putObject("options");
    organize.set("excludeByName", excluded);
    organize.set("renameByName", renamed);
  }

  private static ObjectNode override(String column, String property, JsonNode value) {
    var override = JSON.objectNode();
    override.putObject("matcher").put("id", "byName").put("options", column);
    override.putArray("properties").addObject().put("id", property).set("value", value);
    return override;
  }

  private static ArrayNode inDepth() {
    var links = JSON.arrayNode();
    links
        .addObject()
        .put("title", "In depth")
        .put(
            "url",
            "/d/tunetrail-database?var-namespace=${__data.fields.namespace}"
                + "&var-name=${__value.text}&${datasource:queryparam}&${__url_time_range}");
    return links;
  }

  private ObjectNode defaults(ObjectNode panel) {
    return defaults(panel, text("unit"));
  }

  private static ObjectNode defaults(ObjectNode panel, String unit) {
    return panel.withObject("/fieldConfig/defaults").put("unit", unit);
  }

  private String text(String field) {
    return DashboardJson.text(source, field);
  }
}
