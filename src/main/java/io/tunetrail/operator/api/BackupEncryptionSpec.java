package io.tunetrail.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.generator.annotation.Required;

/**
 * Archives that are encrypted before they leave the pod, in the format of age.
 *
 * @param secretRef a Secret with the keys recipient, the public keys that archives are encrypted
 *     for, and identity, the secret ones, one of which opens them: both as age-keygen writes them.
 *     Backups are given no other key than recipient, verifications none but identity
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record BackupEncryptionSpec(@Required LocalReference secretRef) {}
