"""The operator's own pod: what it uses, its end and its start."""

import contextlib
import datetime
import time
from collections.abc import Iterator

from kubernetes import Api, kubectl

NAMESPACE = "tunetrail-system"
NAME = "tunetrail-operator"
DEPLOYMENT = "deployment/" + NAME
TIMEOUT = 300


def scale(replicas: int) -> None:
    kubectl("scale", DEPLOYMENT, "--namespace=" + NAMESPACE, f"--replicas={replicas}")
    if replicas == 0:
        kubectl("wait", "pods", "--namespace=" + NAMESPACE, "--selector=app.kubernetes.io/name=" + NAME,
                "--for=delete", "--timeout=120s")  # fmt: skip
    else:
        kubectl("rollout", "status", DEPLOYMENT, "--namespace=" + NAMESPACE, "--timeout=300s")


@contextlib.contextmanager
def replicas(number: int) -> Iterator[None]:
    scale(number)
    try:
        yield
    finally:
        scale(1)


def leader(api: Api) -> str:
    """The name of its pod."""
    return api.get("Lease", NAMESPACE, NAME)["spec"].get("holderIdentity", "")


def await_other_leader(api: Api, first: str) -> None:
    """Until the Lease names another one than the first."""
    deadline = time.monotonic() + TIMEOUT
    while leader(api) in ("", first):
        if time.monotonic() > deadline:
            raise RuntimeError(f"nobody leads after {first}")
        time.sleep(0.05)


def started(api: Api) -> float:
    """When the process of the one pod began, in seconds since 1970, whole ones."""
    (pod,) = [it for it in api.list("Pod", NAMESPACE)["items"] if "deletionTimestamp" not in it["metadata"]]
    return instant(pod["status"]["containerStatuses"][0]["state"]["running"]["startedAt"])


def instant(text: str) -> float:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Usage:
    """What the one pod uses; the kubelet looks every 10 to 20 s, so this waits for its next look."""

    def __init__(self, api: Api) -> None:
        began, deadline = time.time(), time.monotonic() + TIMEOUT
        while True:
            seen = [it for it in api.statistics()["pods"] if it["podRef"]["namespace"] == NAMESPACE]
            if len(seen) == 1 and seen[0]["containers"] and instant(seen[0]["containers"][0]["memory"]["time"]) > began:
                break
            if time.monotonic() > deadline:
                raise RuntimeError(f"the kubelet tells nothing new of the operator's pod: {seen}")
            time.sleep(1)
        container = seen[0]["containers"][0]
        self.resident: int = container["memory"]["rssBytes"]
        self.processor_seconds: float = container["cpu"]["usageCoreNanoSeconds"] / 1e9
        self.at = instant(container["cpu"]["time"])
