package io.tunetrail.operator.backup;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.tunetrail.operator.lifecycle.JobSlots;
import io.tunetrail.operator.lifecycle.JobSlots.Claim;
import io.tunetrail.operator.migration.JobLabels;
import io.tunetrail.operator.migration.ObservedJobs;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which of the backups that wait may run now. */
public final class BackupTurns {
  private BackupTurns() {}

  /** On which server a resource's database is; null while it is not known. */
  public interface Servers {
    @Nullable String of(String resourceUid);
  }

  /**
   * Those that may start, oldest first.
   *
   * @param unfinished Jobs that make backups and have not ended
   * @param starting the UIDs of those among them that were started, whatever they say yet
   */
  public static List<Job> next(
      Collection<Job> unfinished, Set<String> starting, JobSlots slots, Servers servers) {
    var waiting =
        unfinished.stream()
            .filter(ObservedJobs::waitsForTurn)
            .filter(it -> !starting.contains(uid(it)))
            .sorted(
                Comparator.comparing((Job it) -> it.getMetadata().getCreationTimestamp())
                    .thenComparing(it -> it.getMetadata().getName()))
            .toList();
    var running =
        unfinished.stream()
            .filter(it -> !ObservedJobs.isSuspended(it) || starting.contains(uid(it)))
            .toList();
    var admitted = slots.admitted(claims(running, servers), claims(waiting, servers));
    return waiting.stream().filter(it -> admitted.contains(uid(it))).toList();
  }

  private static List<Claim> claims(List<Job> jobs, Servers servers) {
    return jobs.stream().map(it -> new Claim(uid(it), servers.of(owner(it)))).toList();
  }

  /** The UID of the resource whose backup it is. */
  public static String owner(Job job) {
    return job.getMetadata().getLabels().getOrDefault(JobLabels.RESOURCE_UID, "");
  }

  private static String uid(Job job) {
    return job.getMetadata().getUid();
  }
}
