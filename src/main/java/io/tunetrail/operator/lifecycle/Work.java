package io.tunetrail.operator.lifecycle;

import org.jspecify.annotations.Nullable;

/**
 * A Job to start.
 *
 * @param inputs digest of everything that makes this work what it is, the database's version
 *     included; a Job that failed by its own fault is not tried again while it stays the same
 * @param attempt from 1
 * @param scriptsDigest what the Job must find
 * @param from the version the database has; null before the first and for create-all
 * @param target the version to reach; null for create-all and where only repeatable scripts run
 * @param image of the schema's migrations, by the digest that was planned with; null: as the spec
 *     names it
 * @param planned what a plan is of; null for other tasks
 * @param backup of what the database held before it, by name; null where none was asked for
 * @param database identity of the one that the Job must meet; null where none was looked at
 */
public record Work(
    Method method,
    Task task,
    String inputs,
    int attempt,
    String scriptsDigest,
    @Nullable String from,
    @Nullable String target,
    @Nullable String image,
    @Nullable Task planned,
    @Nullable String backup,
    @Nullable String database) {

  /** Work by the image that the spec names. */
  public Work(
      Method method,
      Task task,
      String inputs,
      int attempt,
      String scriptsDigest,
      @Nullable String from,
      @Nullable String target) {
    this(method, task, inputs, attempt, scriptsDigest, from, target, null, null, null, null);
  }

  public Work withAttempt(int number) {
    return new Work(
        method,
        task,
        inputs,
        number,
        scriptsDigest,
        from,
        target,
        image,
        planned,
        backup,
        database);
  }

  Work withBackup(@Nullable String name) {
    return new Work(
        method, task, inputs, attempt, scriptsDigest, from, target, image, planned, name, database);
  }

  /** Name of the Job: the resource's (shortened), the kind of work, its inputs and the attempt. */
  public String jobName(String resourceName) {
    var inputsShort = inputs.substring("sha256:".length(), "sha256:".length() + 10);
    var suffix = "-" + task + "-" + inputsShort + "-" + attempt;
    int room = 63 - suffix.length();
    var stem = resourceName.length() <= room ? resourceName : resourceName.substring(0, room);
    return stem.replaceAll("[.-]+$", "") + suffix;
  }
}
