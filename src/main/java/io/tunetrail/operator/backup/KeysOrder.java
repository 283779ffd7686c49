package io.tunetrail.operator.backup;

/**
 * The keys of encrypted backups, as a pod is told them.
 *
 * @param secret its name
 * @param folder with a file for each of its keys that the pod is given
 */
public record KeysOrder(String secret, String folder) {}
