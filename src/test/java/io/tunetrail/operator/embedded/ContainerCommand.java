package io.tunetrail.operator.embedded;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A container as a process of this JVM's own java and class path. Paths in its environment that lie
 * in the mounts are rewritten to where the volumes really are.
 *
 * @param mainClass what the image would run
 * @param root stands for the container's root folder
 */
record ContainerCommand(Pod pod, Container container, String mainClass, Path root) {
  private static final String MOUNTS = "TUNETRAIL_MOUNTS";
  private static final String JAVA = "/opt/java/bin/java";
  private static final String REPORT = "TUNETRAIL_REPORT";

  /** Where this absolute path of the container is here. */
  Path here(String path) {
    return root.resolve(path.substring(1)).normalize();
  }

  /** Where the termination message is written. */
  Path report() {
    return root.resolve("termination-log");
  }

  Process start(Path log) throws IOException {
    if (!container.getCommand().isEmpty() && !container.getCommand().getFirst().equals(JAVA)) {
      throw new IllegalArgumentException("only the image's own program runs here");
    }
    var builder = new ProcessBuilder(command());
    builder.directory(root.toFile());
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    var environment = builder.environment();
    environment.keySet().retainAll(List.of("PATH", "HOME"));
    container.getEnv().forEach(entry -> environment.put(entry.getName(), value(entry)));
    return builder.start();
  }

  private List<String> command() {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    if (mounted("/tmp").isPresent()) {
      command.add("-Djava.io.tmpdir=" + here("/tmp"));
    }
    command.addAll(List.of("-cp", classPath(), mainClass));
    command.addAll(container.getArgs());
    return command;
  }

  /** Absolute, because the process has a working folder of its own. */
  private static String classPath() {
    var entries = new ArrayList<String>();
    for (var entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      entries.add(Path.of(entry).toAbsolutePath().toString());
    }
    return String.join(File.pathSeparator, entries);
  }

  private String value(EnvVar entry) {
    if (entry.getValueFrom() != null) {
      return field(entry);
    }
    var value = entry.getValue() == null ? "" : entry.getValue();
    if (entry.getName().equals(REPORT)) {
      return report().toString();
    }
    boolean rewritten = entry.getName().equals(MOUNTS) || mounted(value).isPresent();
    return rewritten ? here(value).toString() : value;
  }

  private String field(EnvVar entry) {
    var field = entry.getValueFrom().getFieldRef();
    return switch (field == null ? "" : field.getFieldPath()) {
      case "metadata.name" -> pod.getMetadata().getName();
      case "metadata.namespace" -> pod.getMetadata().getNamespace();
      case "metadata.uid" -> pod.getMetadata().getUid();
      default -> throw new IllegalArgumentException("variable of a kind not known here: " + entry);
    };
  }

  /** The mount that this path is or lies in. */
  private Optional<String> mounted(String path) {
    return container.getVolumeMounts().stream()
        .map(mount -> mount.getMountPath())
        .filter(mount -> path.equals(mount) || path.startsWith(mount + "/"))
        .max(Comparator.comparingInt(String::length));
  }
}
