package io.tunetrail.operator.migration;

import io.tunetrail.operator.database.InvalidScripts;
import io.tunetrail.operator.database.MigrationScripts;
import io.tunetrail.operator.engine.FlywaySettings;
import io.tunetrail.operator.engine.ImageSource.Holds;
import io.tunetrail.operator.engine.ScriptListing;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;

/**
 * The role {@code inspect}: tells in its log which scripts an image holds. It meets no database.
 */
public final class InspectRole {
  /** A ConfigMap, which keeps what is told, holds 1 MiB. */
  private static final int MOST_BYTES = 1_000_000;

  private final Map<String, String> environment;
  private final PrintStream out;

  private InspectRole(Map<String, String> environment, PrintStream out) {
    this.environment = environment;
    this.out = out;
  }

  /**
   * Works as {@link WorkOrder#VARIABLE} orders and answers the exit code.
   *
   * @param environment the variables of {@link WorkOrder}
   * @param out the log
   */
  public static int run(Map<String, String> environment, PrintStream out) {
    var role = new InspectRole(environment, out);
    return new Reporting(environment, InstantSource.system(), new WorkLog(out)).of(role::inspected);
  }

  private WorkResult inspected() {
    return switch (Assignment.read(environment)) {
      case Assignment.Reading.Refused refused -> refused.result();
      case Assignment.Reading.Read read -> inspected(read.assignment());
    };
  }

  private WorkResult inspected(Assignment assignment) {
    var settings = assignment.order().flyway();
    if (settings == null) {
      return WorkResult.failed(Outcome.INVALID_INPUT, "the order has no settings for Flyway");
    }
    try {
      var scripts = assignment.mounts().scripts(settings);
      return scripts.files().isEmpty()
          ? WorkResult.failed(Outcome.INVALID_INPUT, none(settings))
          : told(MigrationScripts.of(scripts, settings).listing());
    } catch (InvalidScripts e) {
      return WorkResult.failed(Outcome.INVALID_INPUT, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return WorkResult.failed(
          Outcome.INTERNAL_ERROR, "the scripts can't be read: " + e.getMessage());
    }
  }

  private static String none(FlywaySettings settings) {
    return "no file in schema.flyway.path of the image ends with "
        + String.join(" or ", settings.sqlMigrationSuffixes());
  }

  private WorkResult told(ScriptListing listing) {
    int bytes = listing.toJson().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MOST_BYTES) {
      return WorkResult.failed(Outcome.INVALID_INPUT, tooLong(listing, bytes));
    }
    out.print(Holds.SCRIPTS.telling(listing));
    return new WorkResult(Outcome.DONE, null, null, 0, null);
  }

  /** Names what makes it long where that can be mended. */
  private static String tooLong(ScriptListing listing, int bytes) {
    long kept = listing.files().stream().filter(it -> it.text() != null).count();
    return "the list of %d scripts has %d bytes, and %d can be kept; it holds the text of %d repeatable scripts with placeholders"
        .formatted(listing.files().size(), bytes, MOST_BYTES, kept);
  }
}
