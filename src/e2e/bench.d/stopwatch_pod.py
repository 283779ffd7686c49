"""Whole processes timed inside a pod by Stopwatch.java: the image's files, network, user and limits are the real ones."""

import base64
import os

from kubernetes import Api, kubectl, resource, terminated

JAR = "/bench/bench.jar"
TIMEOUT = 600


def stopwatch(mode: list[str], first: list[str], second: list[str]) -> list[str]:
    driver = ["/opt/java/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx24m", "-cp", JAR, "Stopwatch"]
    return [*driver, *mode, "--", *first, "--", *second]


def measure(api: Api, namespace: str, pod_spec: dict, command: list[str], scripts: str | None) -> dict[str, list[float]]:
    """Runs the command in the first container of such a pod, and answers what it printed: name to values.

    `scripts` names a ConfigMap whose files are mounted one by one in /bench/sql: Flyway would follow the kubelet's
    links and find each twice.
    """
    spec = with_bench_files(api, namespace, pod_spec, scripts)
    container = spec["containers"][0]
    for key in ("args", "startupProbe", "livenessProbe", "readinessProbe"):
        container.pop(key, None)
    container["command"] = command
    pod = resource("Pod", "bench-stopwatch", spec={**spec, "restartPolicy": "Never"})
    watch = api.watch(namespace, "Pod")
    api.create(namespace, pod)
    try:
        watch.milestones({"end": lambda it: it["metadata"]["name"] == "bench-stopwatch" and terminated(it)}, TIMEOUT)
        printed = kubectl("logs", "bench-stopwatch", "--namespace=" + namespace)
        ended = terminated(api.get("Pod", namespace, "bench-stopwatch"))
        if ended["exitCode"] != 0:
            raise RuntimeError(f"the measurement in the pod failed: {printed[-3000:]}")
        return series(printed)
    finally:
        kubectl("delete", "pod/bench-stopwatch", "configmap/bench-stopwatch", "--namespace=" + namespace, "--wait")


def series(printed: str) -> dict[str, list[float]]:
    values: dict[str, list[float]] = {}
    for line in printed.splitlines():
        name, value = line.split()
        values.setdefault(name, []).append(float(value))
    return values


def with_bench_files(api: Api, namespace: str, pod_spec: dict, scripts: str | None) -> dict:
    with open(os.environ["BENCH_JAR"], "rb") as jar:
        content = {"bench.jar": base64.b64encode(jar.read()).decode()}
    api.create(namespace, resource("ConfigMap", "bench-stopwatch", binaryData=content))
    volumes = [{"name": "bench", "configMap": {"name": "bench-stopwatch"}}]
    mounts = [{"name": "bench", "mountPath": JAR, "subPath": "bench.jar"}]
    if scripts is not None:
        volumes.append({"name": "bench-sql", "configMap": {"name": scripts}})
        for file in api.get("ConfigMap", namespace, scripts)["data"]:
            mounts.append({"name": "bench-sql", "mountPath": "/bench/sql/" + file, "subPath": file})
    first, *others = pod_spec["containers"]
    container = {**first, "volumeMounts": first.get("volumeMounts", []) + mounts}
    return {**pod_spec, "containers": [container, *others], "volumes": pod_spec.get("volumes", []) + volumes}
