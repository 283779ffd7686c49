package io.tunetrail.operator.migration;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.tunetrail.operator.api.JobTemplateSpec;
import io.tunetrail.operator.api.PodVolume;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What spec.jobTemplate changes of a pod that is already whole. */
record JobTemplate(JobTemplateSpec spec) {

  PodSpec appliedTo(PodSpec pod) {
    return new PodSpecBuilder(pod)
        .withSecurityContext(securityContext(pod.getSecurityContext()))
        .addAllToVolumes(orEmpty(spec.volumes()).stream().map(JobTemplate::volume).toList())
        .withInitContainers(mounting(pod.getInitContainers()))
        .withContainers(mounting(pod.getContainers()))
        .build();
  }

  /**
   * Each field that the template gives wins. A user of its own has the group that its image gives
   * it, unless a group is given too.
   */
  private PodSecurityContext securityContext(PodSecurityContext ours) {
    var theirs = spec.securityContext();
    if (theirs == null) {
      return ours;
    }
    return new PodSecurityContextBuilder(theirs)
        .withRunAsNonRoot(either(theirs.getRunAsNonRoot(), ours.getRunAsNonRoot()))
        .withRunAsUser(either(theirs.getRunAsUser(), ours.getRunAsUser()))
        .withRunAsGroup(
            theirs.getRunAsUser() == null
                ? either(theirs.getRunAsGroup(), ours.getRunAsGroup())
                : theirs.getRunAsGroup())
        .withFsGroup(either(theirs.getFsGroup(), ours.getFsGroup()))
        .withSeccompProfile(either(theirs.getSeccompProfile(), ours.getSeccompProfile()))
        .build();
  }

  private static <T> T either(@Nullable T first, T second) {
    return Objects.requireNonNullElse(first, second);
  }

  private List<Container> mounting(List<Container> containers) {
    return containers.stream()
        .map(it -> it.getName().equals(WorkPod.COPY) ? it : mounting(it))
        .toList();
  }

  private Container mounting(Container container) {
    return new ContainerBuilder(container)
        .addAllToVolumeMounts(orEmpty(spec.volumeMounts()))
        .build();
  }

  private static Volume volume(PodVolume volume) {
    return new VolumeBuilder()
        .withName(volume.name())
        .withConfigMap(volume.configMap())
        .withSecret(volume.secret())
        .withProjected(volume.projected())
        .withPersistentVolumeClaim(volume.persistentVolumeClaim())
        .withEmptyDir(volume.emptyDir())
        .withCsi(volume.csi())
        .build();
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
