package io.tunetrail.operator.embedded;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Job with its one pod, from the pod's creation to the Job's last condition, in a thread of its
 * own.
 */
final class JobRun implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);
  private static final int MESSAGE_BYTES = 4096;
  private static final Duration MOUNT_RETRY = Duration.ofMillis(200);

  /** The Job's condition follows its container's end; by two seconds on a real cluster. */
  private static final Duration CONDITION_LAG = Duration.ofMillis(300);

  private enum Event {
    AS_AWAITED,
    DELETED,
    DEADLINE
  }

  private final KubernetesClient client;
  private final Job job;
  private final PodSpec spec;
  private final Container container;
  private final String mainClass;
  private final String podName;
  private final Path folder;
  private final Instant started = Instant.now();
  private final JobProgress progress;
  private final CompletableFuture<Event> deleted = new CompletableFuture<>();
  private volatile @Nullable Process process;

  /**
   * A run of this Job.
   *
   * @param folder in which the pod gets a folder of its own for volumes and log
   */
  JobRun(KubernetesClient client, Job job, Path folder, String mainClass) {
    this.client = client;
    this.job = job;
    this.spec = job.getSpec().getTemplate().getSpec();
    this.container = spec.getContainers().getFirst();
    this.mainClass = mainClass;
    this.podName = job.getMetadata().getName() + "-" + UUID.randomUUID().toString().substring(0, 5);
    this.folder = folder.resolve(podName);
    this.progress = new JobProgress(client, job, podName, started);
  }

  String podName() {
    return podName;
  }

  /** The container's process; null before it starts. */
  @Nullable Process process() {
    return process;
  }

  /** What the container wrote to its output. */
  Path log() {
    return folder.resolve("log");
  }

  /** Tells that the pod, or the Job with it, was deleted. */
  void delete() {
    deleted.complete(Event.DELETED);
  }

  @Override
  public void run() {
    try {
      live();
    } catch (InterruptedException e) {
      LOG.debug("Job {} is left as it is", job.getMetadata().getName(), e);
    } catch (IOException | RuntimeException | ExecutionException e) {
      // Closing interrupts, also in the middle of a request.
      if (!Thread.currentThread().isInterrupted()) {
        refuse(e);
      }
    } finally {
      kill();
      removeVolumes();
    }
  }

  private void refuse(Exception cause) {
    LOG.error("Job {} can't run here", job.getMetadata().getName(), cause);
    progress.failed("NotRunnable", "the Job can't run as a local process: " + cause.getMessage());
  }

  private void live() throws IOException, InterruptedException, ExecutionException {
    refuseWhatIsUnknown();
    var pod = progress.createPod(container);
    progress.active(0);
    var command = new ContainerCommand(pod, container, mainClass, root());
    var event = mount(command);
    if (event == Event.AS_AWAITED) {
      var running = command.start(log());
      process = running;
      var since = Instant.now();
      progress.pod(PodPhase.running(container, since));
      progress.active(1);
      event = await(running.onExit().thenApply(ended -> Event.AS_AWAITED));
      if (event == Event.AS_AWAITED) {
        progress.pod(terminated(command, running.exitValue(), since));
        conclude(running.exitValue());
        return;
      }
      stop(running);
    }
    cutShort(event);
  }

  private void refuseWhatIsUnknown() {
    Integer retries = job.getSpec().getBackoffLimit();
    if (retries == null || retries != 0) {
      throw new IllegalArgumentException("backoffLimit is not 0");
    }
    if (spec.getContainers().size() != 1 || !spec.getInitContainers().isEmpty()) {
      throw new IllegalArgumentException("the pod has more than one container");
    }
  }

  private void conclude(int exitCode) throws InterruptedException, ExecutionException {
    if (await(after(CONDITION_LAG)) == Event.DELETED) {
      return;
    }
    if (exitCode == 0) {
      progress.complete();
    } else {
      exhausted();
    }
  }

  private void cutShort(Event event) {
    if (event == Event.DEADLINE) {
      progress.deletePod();
      progress.failed("DeadlineExceeded", "Job was active longer than specified deadline");
    } else {
      exhausted();
    }
  }

  private void exhausted() {
    progress.failed("BackoffLimitExceeded", "Job has reached the specified backoff limit");
  }

  /** Tried again until everything is there, as the kubelet does. */
  private Event mount(ContainerCommand command)
      throws IOException, InterruptedException, ExecutionException {
    var said = "";
    while (true) {
      try {
        mountAll(command);
        return Event.AS_AWAITED;
      } catch (PodVolumes.NotMounted e) {
        var message = String.valueOf(e.getMessage());
        if (!message.equals(said)) {
          progress.warn(command.pod(), "FailedMount", message);
          said = message;
        }
      }
      var event = await(after(MOUNT_RETRY));
      if (event != Event.AS_AWAITED) {
        return event;
      }
    }
  }

  /** All as they are once the last is there, so that a test may change one while a pod waits. */
  private void mountAll(ContainerCommand command) throws IOException, PodVolumes.NotMounted {
    var volumes = new PodVolumes(client, job.getMetadata().getNamespace());
    var contents = new LinkedHashMap<String, Map<String, byte[]>>();
    for (var mount : container.getVolumeMounts()) {
      if (mount.getSubPath() != null) {
        throw new IllegalArgumentException("the mount " + mount.getMountPath() + " has a subPath");
      }
      contents.put(mount.getMountPath(), volumes.read(volume(mount.getName())));
    }
    Files.createDirectories(command.root());
    for (var content : contents.entrySet()) {
      PodVolumes.materialise(content.getValue(), command.here(content.getKey()));
    }
  }

  private Volume volume(String name) {
    return spec.getVolumes().stream()
        .filter(volume -> volume.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the pod has no volume " + name));
  }

  /** What comes first: this, a deletion or the Job's deadline. */
  private Event await(CompletableFuture<Event> awaited)
      throws InterruptedException, ExecutionException {
    var first = CompletableFuture.anyOf(awaited, deleted);
    Long seconds = job.getSpec().getActiveDeadlineSeconds();
    if (seconds == null) {
      return (Event) first.get();
    }
    var left = Duration.between(Instant.now(), started.plusSeconds(seconds)).toMillis();
    try {
      return (Event) first.get(Math.max(0, left), MILLISECONDS);
    } catch (TimeoutException e) {
      return Event.DEADLINE;
    }
  }

  private static CompletableFuture<Event> after(Duration time) {
    return new CompletableFuture<Event>()
        .completeOnTimeout(Event.AS_AWAITED, time.toMillis(), MILLISECONDS);
  }

  private PodStatus terminated(ContainerCommand command, int exitCode, Instant since)
      throws IOException {
    var message = "";
    if (Files.exists(command.report())) {
      try (var report = Files.newInputStream(command.report())) {
        message = new String(report.readNBytes(MESSAGE_BYTES), StandardCharsets.UTF_8);
      }
    }
    return PodPhase.terminated(container, exitCode, message, since, Instant.now());
  }

  /** Asks it to end, and after the pod's grace period makes it. */
  private void stop(Process running) throws InterruptedException {
    running.destroy();
    Long grace = spec.getTerminationGracePeriodSeconds();
    if (!running.waitFor(grace == null ? 30 : grace, SECONDS)) {
      running.destroyForcibly().waitFor();
    }
  }

  /** Secrets are not left lying about; the log is. */
  private void removeVolumes() {
    try {
      PodVolumes.remove(root());
    } catch (IOException e) {
      LOG.warn("volumes of {} are left in {}", podName, root(), e);
    }
  }

  private Path root() {
    return folder.resolve("root");
  }

  /** Ends the process at once, where one runs. */
  void kill() {
    var running = process;
    if (running != null) {
      running.destroyForcibly();
    }
  }
}
