package io.tunetrail.operator.embedded;

import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * One request to the API.
 *
 * @param path without the query
 * @param query decoded; empty where there is none
 * @param accept the media types asked for; empty where none is named
 * @param agent the client's User-Agent; empty where it sends none
 * @param bearer the token that it shows; empty where it shows none
 */
public record ApiRequest(
    HttpMethod method,
    String path,
    String query,
    String contentType,
    String accept,
    String agent,
    String bearer,
    String body) {

  static ApiRequest of(RecordedRequest request) {
    var parts = request.getPath().split("\\?", 2);
    return new ApiRequest(
        request.method(),
        parts[0],
        parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8),
        header(request, "Content-Type"),
        header(request, "Accept"),
        header(request, "User-Agent"),
        header(request, "Authorization").replaceFirst("^Bearer ", ""),
        new String(request.getBody().getBytes(), StandardCharsets.UTF_8));
  }

  /** Whether it asks to change something. */
  public boolean writes() {
    return method != HttpMethod.GET;
  }

  /** A parameter of the query; empty where it is not given. */
  String parameter(String name) {
    for (var pair : query.split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return pair.substring(name.length() + 1);
      }
    }
    return "";
  }

  boolean isStatus() {
    return path.endsWith("/status");
  }

  /** The object's own path, also for its status. */
  String objectPath() {
    return isStatus() ? path.substring(0, path.length() - "/status".length()) : path;
  }

  /** A JSON request in the mock server's terms. */
  static RecordedRequest json(HttpMethod method, String path, String body) {
    var headers = Headers.builder().add("Content-Type", "application/json").build();
    return new RecordedRequest(
        "HTTP/1.1", method, path, headers, new Buffer(body.getBytes(StandardCharsets.UTF_8)));
  }

  private static String header(RecordedRequest request, String name) {
    var value = request.getHeader(name);
    return value == null ? "" : value;
  }
}
