package io.tunetrail.operator.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * One restore of a {@link TuneTrailDatabase} from one of its backups; once it is done it is never
 * done again, and deleting it deletes no database.
 */
@Group("tunetrail.io")
@Version("v1alpha1")
@ShortNames("ttrestore")
@ValidationRule(value = "has(self.spec)", message = "spec is required")
@AdditionalPrinterColumn(name = "Database", jsonPath = ".spec.databaseRef.name")
@AdditionalPrinterColumn(name = "Backup", jsonPath = ".status.backup")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
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
public class TuneTrailRestore extends CustomResource<TuneTrailRestoreSpec, TuneTrailRestoreStatus>
    implements Namespaced {}
