package io.tunetrail.operator.runtime;

import io.tunetrail.operator.lifecycle.JobSlots;
import io.tunetrail.operator.notification.WebhookSettings;
import io.tunetrail.operator.tracing.Spans;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How the operator runs.
 *
 * @param image what the pods of Jobs run: the operator's own image
 * @param namespaces to watch; empty: all
 * @param httpPort for /livez and /readyz; 0: any free one
 * @param candidate null: it leads without asking, as the only one
 * @param jobs how many may run at once
 * @param backups how many of them may, beside the others
 * @param answersHealth whether who may read a resource may ask for its database's health
 * @param webhook null: nobody is notified
 * @param traces whether spans are told of, as OpenTelemetry's standard variables say
 */
public record Configuration(
    String image,
    Set<String> namespaces,
    int httpPort,
    @Nullable Candidate candidate,
    JobSlots jobs,
    JobSlots backups,
    boolean answersHealth,
    @Nullable WebhookSettings webhook,
    boolean traces) {

  /**
   * Who takes part in the election of a leader.
   *
   * @param namespace of the Lease
   * @param identity no other candidate's; the same after a restart
   */
  public record Candidate(String namespace, String identity) {}

  /** The only operator that there is. */
  public Configuration(String image, Set<String> namespaces, int httpPort) {
    this(image, namespaces, httpPort, null, JobSlots.DEFAULT);
  }

  /** With as many backups at once as there are by default. */
  public Configuration(
      String image,
      Set<String> namespaces,
      int httpPort,
      @Nullable Candidate candidate,
      JobSlots jobs) {
    this(image, namespaces, httpPort, candidate, jobs, JobSlots.BACKUPS, true, null, false);
  }

  /**
   * From OPERATOR_IMAGE (required), WATCH_NAMESPACES (comma-separated), HTTP_PORT (8080),
   * LEASE_NAMESPACE and POD_NAME (no election without them), JOBS_AT_ONCE (100),
   * JOBS_AT_ONCE_PER_SERVER (20), BACKUPS_AT_ONCE (20), BACKUPS_AT_ONCE_PER_SERVER (4) and
   * HEALTH_ACCESS (authenticated, or off), WEBHOOK_URL (none) and WEBHOOK_FOLDER
   * (/etc/tunetrail/webhook), and whether OTEL_… ask for traces; throws {@link
   * IllegalArgumentException} that names what is missing or wrong.
   */
  public static Configuration from(Map<String, String> environment) {
    return new Configuration(
        required(environment, "OPERATOR_IMAGE", "the image that Jobs run"),
        namespaces(environment.getOrDefault("WATCH_NAMESPACES", "")),
        number(environment, "HTTP_PORT", 8080, 0),
        environment.getOrDefault("LEASE_NAMESPACE", "").isBlank() ? null : candidate(environment),
        slots(environment, "JOBS_AT_ONCE", JobSlots.DEFAULT),
        slots(environment, "BACKUPS_AT_ONCE", JobSlots.BACKUPS),
        answersHealth(environment.getOrDefault("HEALTH_ACCESS", "")),
        webhook(environment),
        Spans.areWanted(environment));
  }

  private static @Nullable WebhookSettings webhook(Map<String, String> environment) {
    var url = environment.getOrDefault("WEBHOOK_URL", "");
    return url.isBlank()
        ? null
        : WebhookSettings.of(
            url, environment.getOrDefault("WEBHOOK_FOLDER", "/etc/tunetrail/webhook"));
  }

  /** There is no third: nobody is told of a database without saying who they are. */
  private static boolean answersHealth(String access) {
    return switch (access.strip()) {
      case "", "authenticated" -> true;
      case "off" -> false;
      default ->
          throw new IllegalArgumentException(
              "HEALTH_ACCESS is authenticated or off, not " + access.strip());
    };
  }

  private static JobSlots slots(Map<String, String> environment, String name, JobSlots otherwise) {
    return new JobSlots(
        number(environment, name, otherwise.most(), 1),
        number(environment, name + "_PER_SERVER", otherwise.mostPerServer(), 1));
  }

  private static Candidate candidate(Map<String, String> environment) {
    return new Candidate(
        environment.getOrDefault("LEASE_NAMESPACE", ""),
        required(environment, "POD_NAME", "the name of the operator's pod"));
  }

  private static String required(Map<String, String> environment, String name, String what) {
    var value = environment.getOrDefault(name, "");
    if (value.isBlank()) {
      throw new IllegalArgumentException("set %s to %s".formatted(name, what));
    }
    return value;
  }

  private static Set<String> namespaces(String list) {
    var names = new TreeSet<String>();
    for (var name : list.split(",", -1)) {
      if (!name.isBlank()) {
        names.add(name.strip());
      }
    }
    return names;
  }

  private static int number(
      Map<String, String> environment, String name, int otherwise, int least) {
    var text = environment.getOrDefault(name, "");
    if (text.isBlank()) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text.strip());
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("%s is not a number: %s".formatted(name, text), e);
    }
    throw new IllegalArgumentException("%s is less than %d: %s".formatted(name, least, text));
  }
}
