package io.tunetrail.operator.cli;

import ch.qos.logback.classic.LoggerContext;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** All commands for people, under one name. */
@Command(
    name = "kubectl tunetrail",
    description = "Works on databases whose schema the TuneTrail operator owns.",
    footer = {"", "With the one argument operator this program is the operator."},
    versionProvider = Commands.Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    synopsisSubcommandLabel = "COMMAND")
public final class Commands {
  private static final int CONFLICT = 409;
  private static final int UNAUTHORIZED = 401;
  private static final String UNPACKAGED = "of this source tree";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Shows this.")
  @SuppressWarnings("UnusedVariable") // picocli reads the option, not the field
  private boolean help;

  @Option(names = "--version", versionHelp = true, description = "Shows this program's version.")
  @SuppressWarnings("UnusedVariable") // picocli reads the option, not the field
  private boolean version;

  private Commands() {}

  /** Runs one and answers the exit code, an {@link ExitCode}. */
  public static int run(String... args) {
    silenceLibraries();
    return commandLine(Terminal.of(System.getenv())).execute(args);
  }

  /** What they log is not what a person asked for; what goes wrong is said by the command. */
  private static void silenceLibraries() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logging) {
      logging.reset();
    }
  }

  static CommandLine commandLine(Terminal terminal) {
    var target = new CommandLine(new TargetCommand());
    target.setUnmatchedOptionsArePositionalParams(true); // else -1 were an option
    var commands =
        new CommandLine(new Commands())
            .addSubcommand(new StatusCommand(terminal))
            .addSubcommand(new PlanCommand(terminal))
            .addSubcommand(new ApproveCommand(terminal))
            .addSubcommand(new RejectCommand())
            .addSubcommand(new MigrateCommand(terminal))
            .addSubcommand(new UndoCommand(terminal))
            .addSubcommand(target)
            .addSubcommand(new RetryCommand())
            .addSubcommand(new WaitCommand(terminal))
            .addSubcommand(new HistoryCommand())
            .addSubcommand(new DriftCommand())
            .addSubcommand(new BackupCommand(terminal))
            .addSubcommand(new BackupsCommand())
            .addSubcommand(new RestoreCommand(terminal))
            .addSubcommand(new DoctorCommand(terminal))
            .addSubcommand(new SchemaCommand())
            .addSubcommand(new GenerateCommand())
            .addSubcommand(new SetupCommand())
            .addSubcommand(new CheckCommand())
            .addSubcommand(new CompletionCommand());
    commands.getCommandSpec().usageMessage().exitCodeList(exitCodes());
    return commands
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (failure, command, _) -> {
              command.getErr().println("error: " + words(failure));
              return failure instanceof CommandFailure told
                  ? told.code().number()
                  : ExitCode.NOT_DONE.number();
            });
  }

  private static Map<String, String> exitCodes() {
    var codes = new LinkedHashMap<String, String>();
    for (var code : ExitCode.values()) {
      codes.put(Integer.toString(code.number()), code.meaning());
    }
    return codes;
  }

  /** The version of the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      var version = Commands.class.getPackage().getImplementationVersion();
      return new String[] {"tunetrail " + Objects.requireNonNullElse(version, UNPACKAGED)};
    }
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
