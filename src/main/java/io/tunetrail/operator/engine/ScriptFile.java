package io.tunetrail.operator.engine;

/**
 * One file of SQL or of its configuration.
 *
 * @param source which of the resource's ConfigMaps it is from, from 0
 * @param name the file's name, as in {@code V2__users.sql}
 */
public record ScriptFile(int source, String name, String content) {}
