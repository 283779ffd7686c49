package io.tunetrail.operator.cli;

import ch.qos.logback.classic.LoggerContext;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Objects;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** All commands for people, under one name. */
@Command(
    name = "kubectl tunetrail",
    description = "Works on databases whose schema the TuneTrail operator owns.",
    footer = {"", "With the one argument operator this program is the operator."},
    synopsisSubcommandLabel = "COMMAND")
public final class Commands {
  private static final int CONFLICT = 409;
  private static final int UNAUTHORIZED = 401;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Shows this.")
  @SuppressWarnings("UnusedVariable") // picocli reads the option, not the field
  private boolean help;

  private Commands() {}

  /** Runs one and answers the exit code: 0 done, 1 not done, 2 not understood. */
  public static int run(String... args) {
    silenceLibraries();
    return commandLine().execute(args);
  }

  /** What they log is not what a person asked for; what goes wrong is said by the command. */
  private static void silenceLibraries() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logging) {
      logging.reset();
    }
  }

  static CommandLine commandLine() {
    var target = new CommandLine(new TargetCommand());
    target.setUnmatchedOptionsArePositionalParams(true); // else -1 were an option
    var commands =
        new CommandLine(new Commands())
            .addSubcommand(target)
            .addSubcommand(new GenerateCommand())
            .addSubcommand(new SetupCommand())
            .addSubcommand(new CheckCommand());
    return commands.setExecutionExceptionHandler(
        (failure, command, _) -> {
          command.getErr().println("error: " + words(failure));
          return command.getCommandSpec().exitCodeOnExecutionException();
        });
  }

  private static String words(Exception failure) throws Exception {
    return switch (failure) {
      case CommandFailure told -> String.valueOf(told.getMessage());
      case KubernetesClientException refused -> words(refused);
      default -> throw failure;
    };
  }

  private static String words(KubernetesClientException refused) {
    var status = refused.getStatus();
    var message =
        status == null || status.getMessage() == null ? refused.getMessage() : status.getMessage();
    return switch (refused.getCode()) {
      case 0 ->
          "the API server does not answer: %s; check KUBECONFIG and --context"
              .formatted(Objects.requireNonNullElse(refused.getCause(), refused).getMessage());
      case UNAUTHORIZED -> "the API server does not know you: %s; log in anew".formatted(message);
      case CONFLICT -> "somebody changed it at the same time: %s; try again".formatted(message);
      default -> "the API server refuses it: " + message;
    };
  }
}
