"""Operator's process started → ready, and its memory, in a pod like the Deployment's, which is scaled to 0 meanwhile."""

import contextlib
from collections.abc import Iterator

import image
import stopwatch_pod
from kubernetes import Api, kubectl
from table import MEBIBYTES, MILLISECONDS, Aim, Row

NAMESPACE = "tunetrail-system"
NAME = "tunetrail-operator"
READY = "http://127.0.0.1:8080/readyz"
QUICK = Aim("≤ 1.0 s", lambda ours, _: ours <= 1.0)
SMALL = Aim("≤ 125 MiB", lambda ours, _: ours <= 125 * 2**20)


@contextlib.contextmanager
def scaled_to_zero() -> Iterator[None]:
    kubectl("scale", "deployment/" + NAME, "--namespace=" + NAMESPACE, "--replicas=0")
    try:
        kubectl("wait", "pods", "--namespace=" + NAMESPACE, "--selector=app.kubernetes.io/name=" + NAME,
                "--for=delete", "--timeout=120s")  # fmt: skip
        yield
    finally:
        kubectl("scale", "deployment/" + NAME, "--namespace=" + NAMESPACE, "--replicas=1")
        kubectl("rollout", "status", "deployment/" + NAME, "--namespace=" + NAMESPACE, "--timeout=300s")


def measure(api: Api, runs: int) -> list[Row]:
    spec = api.get("Deployment", NAMESPACE, NAME)["spec"]["template"]["spec"]
    command = stopwatch_pod.stopwatch(["ready", str(runs), READY], image.java("-version"), image.program("operator", "operator"))
    with scaled_to_zero():
        seen = stopwatch_pod.measure(api, NAMESPACE, spec, command, None)
    return [
        Row(1, "operator's process started → ready", MILLISECONDS, seen["second"],
            "`java -version`, same flags", seen["first"], QUICK),
        Row(1, "its resident memory 2 s later", MEBIBYTES, seen["resident"], aim=SMALL),
        Row(1, "its peak until then", MEBIBYTES, seen["peak"]),
    ]  # fmt: skip
