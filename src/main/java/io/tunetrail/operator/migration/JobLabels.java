package io.tunetrail.operator.migration;

/** Labels and annotations by which the operator finds its own. */
public final class JobLabels {
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  public static final String OPERATOR = "tunetrail-operator";

  /** Whose a Job is that a person started: the operator does not see it. */
  public static final String COMMAND_LINE = "tunetrail-command-line";

  /** Selects what the operator watches: the caches hold nothing else. */
  public static final String SELECTOR = MANAGED_BY + "=" + OPERATOR;

  /** The resource's name, shortened to what a label holds; for people. */
  public static final String DATABASE = "tunetrail.io/database";

  /** The resource's UID: what decides whose a Job is. */
  public static final String RESOURCE_UID = "tunetrail.io/resource-uid";

  public static final String ATTEMPT = "tunetrail.io/attempt";

  /** What a Job is for: a {@link io.tunetrail.operator.lifecycle.Task}. */
  public static final String TASK = "tunetrail.io/task";

  /** Annotations, as their values are longer than a label's. */
  public static final String RESOURCE_NAME = "tunetrail.io/resource";

  /** The name of the TuneTrailRestore that a Job works for. */
  public static final String RESTORE = "tunetrail.io/restore";

  /** On a TuneTrailRestore of the operator's: spec.targetVersion that it is to bring about. */
  public static final String ROLLBACK_TO = "tunetrail.io/rollback-to";

  public static final String INPUTS = "tunetrail.io/inputs";

  /** The resource's generation that a Job was made for. */
  public static final String GENERATION = "tunetrail.io/generation";

  /** On a backup's Job, when its turn came: one that is suspended later is not ours to start. */
  public static final String STARTED = "tunetrail.io/started";

  public static final String APPROVED_BY = "tunetrail.io/approved-by";

  /** The name of the backup that was made before. */
  public static final String BACKUP = "tunetrail.io/backup";

  /** On ConfigMaps of users: a change is noticed at once instead of at the next look. */
  public static final String WATCH = "tunetrail.io/watch";

  private JobLabels() {}
}
