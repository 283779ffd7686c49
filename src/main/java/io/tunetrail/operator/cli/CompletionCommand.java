package io.tunetrail.operator.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes what a shell needs to complete commands and options. */
@Command(
    name = "completion",
    description = {
      "Writes a script that lets a shell complete commands and options.",
      "source <(tunetrail completion bash)"
    })
final class CompletionCommand implements Callable<Integer> {
  /** The shells there are scripts for. */
  enum Shell {
    BASH,
    ZSH
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "SHELL", description = "bash or zsh.")
  private Shell shell = Shell.BASH;

  /** One script serves both: in zsh it loads bashcompinit first. */
  @Override
  public Integer call() {
    var commandLine = spec.commandLine();
    var script = AutoComplete.bash("tunetrail", spec.root().commandLine());
    commandLine
        .getOut()
        .print(
            switch (shell) {
              case BASH -> script;
              case ZSH -> "autoload -U +X compinit && compinit\n" + script;
            });
    commandLine.getOut().flush();
    return 0;
  }
}
