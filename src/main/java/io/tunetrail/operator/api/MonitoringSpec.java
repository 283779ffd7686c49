package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Required;

/**
 * A login of its own for measuring sessions, statements and replication, which needs no right on
 * the schema; examples/roles.sql makes one.
 *
 * @param secretRef its Secret has the keys username and password, or a uri of which these two
 *     count; host, port, database and TLS are the connection's
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record MonitoringSpec(@Required LocalReference secretRef) {}
