package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What a look recorded of a schema in place of the last work, whose record another major version of
 * PostgreSQL or another release of the operator wrote; until the next work records it.
 *
 * @param record fingerprint that the last work recorded, what is ignored left out
 * @param serverMajor of the server that was looked at
 * @param digest fingerprint of what the first look there found
 * @param recordedAt when that was, RFC 3339
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RecordedSchemaStatus(
    String record, int serverMajor, String digest, String recordedAt) {}
