package io.tunetrail.operator.lifecycle;

import io.tunetrail.operator.api.Reason;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many Jobs may run at once.
 *
 * @param most of the operator's own, at least 1
 * @param mostPerServer of those that work on one database server, at least 1
 */
public record JobSlots(int most, int mostPerServer) {
  /** What a server with PostgreSQL's default of 100 connections has room for. */
  public static final JobSlots DEFAULT = new JobSlots(100, 20);

  /** Each reads a whole database and keeps one of the server's processors busy. */
  public static final JobSlots BACKUPS = new JobSlots(20, 4);

  public JobSlots {
    if (most < 1 || mostPerServer < 1) {
      throw new IllegalArgumentException("at least one Job must be able to run");
    }
  }

  /**
   * A Job that runs, or a resource that wants to start one; a resource has one at a time.
   *
   * @param uid the resource's, or the Job's where a resource may have several
   * @param server null for a Job that touches no database
   */
  public record Claim(String uid, @Nullable String server) {}

  /**
   * The UIDs of those that may start now: in order, and without waiting for those whose server is
   * full.
   *
   * @param waiting who waits longest comes first
   */
  public Set<String> admitted(Collection<Claim> running, List<Claim> waiting) {
    var servers = new HashMap<String, Integer>();
    running.forEach(it -> count(servers, it.server()));
    var admitted = new HashSet<String>();
    for (var claim : waiting) {
      if (running.size() + admitted.size() >= most) {
        break;
      }
      if (claim.server() == null || servers.getOrDefault(claim.server(), 0) < mostPerServer) {
        admitted.add(claim.uid());
        count(servers, claim.server());
      }
    }
    return admitted;
  }

  private static void count(Map<String, Integer> servers, @Nullable String server) {
    if (server != null) {
      servers.merge(server, 1, Integer::sum);
    }
  }

  /** Why a claim has to wait, in words that stay the same while it does; empty when it need not. */
  public Optional<Verdict> objection(Claim claim, Collection<Claim> running, List<Claim> waiting) {
    var admitted = admitted(running, waiting);
    if (admitted.contains(claim.uid())) {
      return Optional.empty();
    }
    return Optional.of(
        new Verdict(
            Reason.WAITING_FOR_SLOT,
            running.size() + admitted.size() >= most
                ? "%d Jobs run, as many as may at once".formatted(most)
                : "%d Jobs work on this database server, as many as may at once"
                    .formatted(mostPerServer)));
  }
}
