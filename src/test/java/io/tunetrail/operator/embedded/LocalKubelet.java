package io.tunetrail.operator.embedded;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Stands in for Job controller, scheduler and kubelet: runs each Job's one container as a local
 * process of this same program and reports pod and Job as Kubernetes does.
 *
 * <p>A Job must have backoffLimit 0 and one container that runs the image's entry point. Volumes
 * may be of ConfigMaps, Secrets, projections of both, and emptyDir. Security contexts, resources
 * and images are not looked at.
 */
public final class LocalKubelet implements AutoCloseable {
  private static final String PROGRAM = "io.tunetrail.operator.RunnerMain";

  private final KubernetesClient client;
  private final Path folder;
  private final String mainClass;
  private final Map<String, JobRun> runs = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread atExit = new Thread(() -> runs.values().forEach(JobRun::kill));
  private final List<SharedIndexInformer<?>> informers;

  /** Runs the operator's program. */
  public LocalKubelet(KubernetesClient client, Path folder) {
    this(client, folder, PROGRAM);
  }

  /**
   * Starts to serve all namespaces.
   *
   * @param client left open on close
   * @param folder where each pod gets a folder with its volumes and its log
   * @param mainClass the containers' program
   */
  public LocalKubelet(KubernetesClient client, Path folder, String mainClass) {
    this.client = client;
    this.folder = folder.toAbsolutePath();
    this.mainClass = mainClass;
    Runtime.getRuntime().addShutdownHook(atExit);
    this.informers =
        List.of(
            client
                .batch()
                .v1()
                .jobs()
                .inAnyNamespace()
                .inform(handler(this::start, this::jobDeleted)),
            client.pods().inAnyNamespace().inform(handler(pod -> {}, this::podDeleted)));
  }

  /** The process of this pod's container; empty where it has not started. */
  public Optional<Process> process(String podName) {
    return run(podName).map(JobRun::process);
  }

  /** What this pod's container has written so far; empty where there is no such pod. */
  public Optional<Path> log(String podName) {
    return run(podName).map(JobRun::log);
  }

  /** Kills all processes. */
  @Override
  public void close() {
    if (threads.isShutdown()) {
      return;
    }
    informers.forEach(SharedIndexInformer::close);
    threads.shutdownNow();
    threads.close();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }

  private Optional<JobRun> run(String podName) {
    return runs.values().stream().filter(run -> run.podName().equals(podName)).findFirst();
  }

  private void start(Job job) {
    var run = new JobRun(client, job, folder, mainClass);
    if (runs.putIfAbsent(job.getMetadata().getUid(), run) == null) {
      threads.execute(run);
    }
  }

  private void jobDeleted(Job job) {
    var run = runs.get(job.getMetadata().getUid());
    if (run != null) {
      run.delete();
    }
  }

  private void podDeleted(Pod pod) {
    run(pod.getMetadata().getName()).ifPresent(JobRun::delete);
  }

  private static <T extends HasMetadata> ResourceEventHandler<T> handler(
      Consumer<T> added, Consumer<T> deleted) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(T object) {
        added.accept(object);
      }

      @Override
      public void onUpdate(T before, T after) {}

      @Override
      public void onDelete(T object, boolean finalStateUnknown) {
        deleted.accept(object);
      }
    };
  }
}
