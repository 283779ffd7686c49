package io.tunetrail.operator.embedded;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.http.MockResponse;

/** A refusal as the API server words it: code, CamelCase reason and message. */
record ApiStatus(int code, String reason, String message) {

  static ApiStatus notFound(String path) {
    return new ApiStatus(404, "NotFound", path + " not found");
  }

  static ApiStatus alreadyExists(String path) {
    return new ApiStatus(409, "AlreadyExists", path + " already exists");
  }

  static ApiStatus conflict(String message) {
    return new ApiStatus(409, "Conflict", message);
  }

  MockResponse response() {
    return new MockResponse().setResponseCode(code).setBody(json());
  }

  String json() {
    return Serialization.asJson(
        new StatusBuilder()
            .withStatus("Failure")
            .withCode(code)
            .withReason(reason)
            .withMessage(message)
            .build());
  }
}
