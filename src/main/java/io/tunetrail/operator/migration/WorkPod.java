package io.tunetrail.operator.migration;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.tunetrail.operator.api.ConnectionSpec;
import io.tunetrail.operator.api.JobTemplateSpec;
import io.tunetrail.operator.api.TuneTrailDatabase;
import io.tunetrail.operator.engine.HandsScript;
import io.tunetrail.operator.engine.ImageSource.Holds;
import io.tunetrail.operator.engine.ProgramSettings;
import io.tunetrail.operator.engine.ScriptImage;
import io.tunetrail.operator.engine.ScriptSet;
import io.tunetrail.operator.lifecycle.Desired;
import io.tunetrail.operator.lifecycle.Task;
import io.tunetrail.operator.lifecycle.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pod of a Job, under the restricted Pod Security level and without Kubernetes credentials. It
 * has one of three shapes: the operator's image at work, where it must be after the user's image
 * gave its scripts; the user's image at work beside the operator's guard; or the user's image
 * telling what it holds.
 */
record WorkPod(
    TuneTrailDatabase resource,
    Desired desired,
    Work work,
    String image,
    JobTemplateSpec template,
    @Nullable String approvedBy,
    @Nullable String argument,
    @Nullable ConnectionSpec admin) {
  /** Where guard and program meet; both mount it. */
  static final String SHARED_FOLDER = "/tunetrail";

  /** The container that copies the scripts out of their image. */
  static final String COPY = "scripts";

  private static final long USER = 65532;

  /** The container that fences and reports while a user's image works. */
  static final String GUARD = "guard";

  private static final String SHARED = "shared";
  private static final int GUARD_PORT = 8087;
  private static final String TERMINATION_LOG = "/dev/termination-log";

  PodSpec spec() {
    var program = program();
    if (program == null) {
      return alone();
    }
    return work.task() == Task.INSPECT
        ? pod().withContainers(inspector(program)).withVolumes(JobVolumes.empty("tmp")).build()
        : guarded(program);
  }

  private PodSpec alone() {
    var image = scriptImage();
    return pod()
        .withInitContainers(image == null || image.mounted() ? List.of() : List.of(copy(image)))
        .withContainers(ours(MigrationJob.CONTAINER, work.task().toString()))
        .withVolumes(volumes().volumes())
        .build();
  }

  private PodSpec guarded(ProgramSettings program) {
    var volumes = new ArrayList<Volume>(volumes().volumes());
    volumes.add(JobVolumes.empty(SHARED));
    volumes.add(JobVolumes.empty("program-tmp"));
    return pod()
        .withInitContainers(guard())
        .withContainers(hands(program))
        .withVolumes(volumes)
        .build();
  }

  /** Null where the operator's own image does the work. */
  private @Nullable ProgramSettings program() {
    if (Set.of(Task.LOOK, Task.EXAMINE, Task.BACKUP, Task.VERIFY, Task.RESTORE)
        .contains(work.task())) {
      return null;
    }
    if (work.task() == Task.SEED) {
      return Objects.requireNonNull(desired.seed()).program();
    }
    return switch (desired.method()) {
      case CREATE_ALL -> desired.createAll();
      case FLYWAY -> null;
      case ALEMBIC -> Objects.requireNonNull(desired.alembic()).program().at(work.image());
    };
  }

  private PodSpecBuilder pod() {
    return new PodSpecBuilder()
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withServiceAccountName(template.serviceAccountName())
        .withPriorityClassName(template.priorityClassName())
        .withNodeSelector(template.nodeSelector())
        .withTolerations(template.tolerations())
        .withImagePullSecrets(pullSecrets())
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(USER)
        .withRunAsGroup(USER)
        .withFsGroup(USER)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext();
  }

  private List<LocalObjectReference> pullSecrets() {
    return template.imagePullSecrets() == null
        ? List.of()
        : template.imagePullSecrets().stream()
            .map(it -> new LocalObjectReference(it.name()))
            .toList();
  }

  /** It starts before the program, and the program only once its port is open. */
  private Container guard() {
    return new ContainerBuilder(ours(GUARD, GUARD))
        .withRestartPolicy("Always")
        .addToVolumeMounts(JobVolumes.mount(SHARED, SHARED_FOLDER, false))
        .addToEnv(variable("TUNETRAIL_SHARED", SHARED_FOLDER))
        .addToEnv(variable("TUNETRAIL_PORT", Integer.toString(GUARD_PORT)))
        .withNewStartupProbe()
        .withNewTcpSocket()
        .withNewPort(GUARD_PORT)
        .endTcpSocket()
        .withPeriodSeconds(1)
        .withFailureThreshold(Math.toIntExact(desired.limits().deadline().toSeconds()))
        .endStartupProbe()
        .build();
  }

  private Container hands(ProgramSettings program) {
    var command = new ArrayList<>(program.python());
    command.add(SHARED_FOLDER + "/" + HandsScript.NAME);
    return theirs(
        program,
        command,
        List.of(
            JobVolumes.mount("program-tmp", "/tmp", false),
            JobVolumes.mount(SHARED, SHARED_FOLDER, false)));
  }

  private Container inspector(ProgramSettings program) {
    var command = new ArrayList<>(program.python());
    command.add("-c");
    command.add(HandsScript.TEXT);
    command.add("inspect");
    command.add(Objects.requireNonNull(desired.alembic()).config());
    return theirs(program, command, List.of(JobVolumes.mount("tmp", "/tmp", false)));
  }

  /** It is given the place for the scripts and nothing else: no variable, no Secret. */
  private Container copy(ScriptImage from) {
    return container(COPY, from.image())
        .withCommand("cp", "-RL", from.path() + "/.", JobVolumes.IMAGE_FOLDER)
        .withEnv(List.of())
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withVolumeMounts(JobVolumes.mount(JobVolumes.SCRIPTS, JobVolumes.IMAGE_FOLDER, false))
        .build();
  }

  private Container ours(String name, String role) {
    return container(name, image)
        .withArgs(role)
        .addToEnv(variable(WorkOrder.MOUNTS_VARIABLE, JobVolumes.FOLDER))
        .addAllToEnv(folderInImage())
        .addToEnv(variable(WorkOrder.VARIABLE, order()))
        .withVolumeMounts(volumes().mounts())
        .build();
  }

  /**
   * The image is mounted as a whole: of a folder that it does not have a node says only that it
   * can't start the container, and containerd before 2.2 takes no notice of one.
   */
  private List<EnvVar> folderInImage() {
    var image = scriptImage();
    return image == null || !image.mounted()
        ? List.of()
        : List.of(variable(WorkOrder.SCRIPTS_VARIABLE, image.path().substring(1)));
  }

  private Container theirs(
      ProgramSettings program, List<String> command, List<VolumeMount> mounts) {
    return container(MigrationJob.CONTAINER, program.image())
        .withCommand(command)
        .withWorkingDir(program.workingDirectory())
        .addToEnv(variable("TUNETRAIL_SHARED", SHARED_FOLDER))
        .addToEnv(variable("EDITION", desired.edition().toString()))
        .addToEnv(variable("ENVIRONMENT", desired.environment().toString()))
        .withVolumeMounts(mounts)
        .build();
  }

  private ContainerBuilder container(String name, String itsImage) {
    return new ContainerBuilder()
        .withName(name)
        .withImage(itsImage)
        .withImagePullPolicy("IfNotPresent")
        .withEnv(environment())
        .withResources(resources())
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext();
  }

  /** Without a request a busy node gives the work next to nothing. */
  private ResourceRequirements resources() {
    return template.resources() != null
        ? template.resources()
        : new ResourceRequirementsBuilder()
            .addToRequests("cpu", new Quantity("100m"))
            .addToRequests("memory", new Quantity("128Mi"))
            .build();
  }

  private List<EnvVar> environment() {
    var environment = new ArrayList<>(template.env() == null ? List.<EnvVar>of() : template.env());
    environment.add(variable("HOME", "/tmp"));
    environment.add(variable(WorkOrder.REPORT_VARIABLE, TERMINATION_LOG));
    return environment;
  }

  private static EnvVar variable(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  private JobVolumes volumes() {
    return new JobVolumes(
        work.task() == Task.INSPECT ? null : resource.getSpec().connection(),
        scratch(),
        ScriptSources.of(resource, desired, work.task()),
        scriptImage(),
        kept());
  }

  /** Where this work's scripts lie in an image; null where they do not. */
  private @Nullable ScriptImage scriptImage() {
    return switch (work.task()) {
      case INSPECT, PLAN, CREATE_ALL, MIGRATE, UNDO, BASELINE, GENERATE, SETUP, CHECK ->
          desired.scriptImage() == null ? null : desired.scriptImage().at(work.image());
      case LOOK, SEED, EXAMINE, BACKUP, VERIFY, RESTORE -> null;
    };
  }

  private @Nullable ConnectionSpec scratch() {
    var scratch = resource.getSpec().scratch();
    return switch (work.task()) {
      case PLAN, BASELINE, GENERATE, SETUP, VERIFY -> scratch == null ? null : scratch.connection();
      case RESTORE -> admin;
      case LOOK, INSPECT, CREATE_ALL, MIGRATE, UNDO, SEED, CHECK, EXAMINE, BACKUP -> null;
    };
  }

  /** What an image told, for works that read this and not the image. */
  private JobVolumes.@Nullable Kept kept() {
    var source = desired.imageSource();
    return source == null || !reads(source.holds())
        ? null
        : new JobVolumes.Kept(
            KeptContent.name(resource.getMetadata().getName(), source, work.scriptsDigest()),
            source.holds());
  }

  private boolean reads(Holds holds) {
    return switch (holds) {
      case REVISIONS -> work.task().changesSchema() || work.task() == Task.PLAN;
      case SCRIPTS ->
          work.task() == Task.LOOK && !work.scriptsDigest().equals(ScriptSet.NONE.digest());
    };
  }

  private String order() {
    return WorkOrders.json(
        resource,
        desired,
        work,
        work.task() == Task.SEED ? null : desired.alembic(),
        program(),
        scratch(),
        approvedBy,
        argument);
  }
}
