package io.tunetrail.operator.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A PostgreSQL schema whose lifecycle the operator owns. */
@Group("tunetrail.io")
@Version("v1alpha1")
@ShortNames("ttdb")
@ValidationRule(value = "has(self.spec)", message = "spec is required")
@AdditionalPrinterColumn(name = "Edition", jsonPath = ".spec.edition")
@AdditionalPrinterColumn(name = "Environment", jsonPath = ".spec.environment")
@AdditionalPrinterColumn(name = "Version", jsonPath = ".status.migrationVersion")
@AdditionalPrinterColumn(name = "Target", jsonPath = ".status.targetVersion")
@AdditionalPrinterColumn(
    name = "Tables",
    jsonPath = ".status.tableCount",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class TuneTrailDatabase
    extends CustomResource<TuneTrailDatabaseSpec, TuneTrailDatabaseStatus> implements Namespaced {}
