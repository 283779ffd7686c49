"""A resource applied → Ready, in turn with a bare Job of the same image applied → Complete."""

import datetime
import json
import statistics
import time

import databases
import image
from databases import NAMESPACE
from kubernetes import Api, has_condition, is_pod_of, resource, terminated
from table import SECONDS, Aim, Row

TIMEOUT = 300
SERVER = "pg17"
AIM = Aim("≤ 0.5 × the bare Job's", lambda ours, job: ours <= 0.5 * job)


def measure(api: Api, runs: int) -> list[Row]:
    jobs, ours = [], []
    for number in range(2 * runs + 1):
        job, times = bare_job(api, f"bare-{number}"), migration(api, f"bench-migration-{number}")
        if times is not None and number > 0:  # the first round finds caches cold
            jobs.append(job)
            ours.append(times)
        if len(ours) == runs:
            break
    if len(ours) < runs:
        raise RuntimeError(f"only {len(ours)} of {2 * runs} migrations were done by their first Job")

    def of(series: list[dict], name: str) -> list[float]:
        return [it[name] for it in series]

    phases = ", ".join(f"{name} {statistics.median(of(ours, name)):.2f}" for name in ours[0])
    print(f"2, since the resource was applied (medians, s): {phases}", flush=True)
    return [
        Row(2, "three scripts: applied → Ready", SECONDS, of(ours, "Ready"),
            "bare Job: applied → Complete", of(jobs, "Complete"), AIM),
        Row(2, "of it: applied → its container's end is seen", SECONDS, of(ours, "its end seen"),
            "bare Job: its container's end is seen", of(jobs, "its end seen")),
    ]  # fmt: skip


def bare_job(api: Api, name: str) -> dict[str, float]:
    """Seconds from the request to each milestone."""
    watch = api.watch(NAMESPACE, "Job", "Pod")
    began = time.monotonic()
    api.create(NAMESPACE, job_that_ends_at_once(name))
    reached = watch.milestones(
        {
            "its end seen": lambda it: is_pod_of(it, name) and terminated(it),
            "Complete": lambda it: has_condition(it, "Job", name, "Complete"),
        },
        TIMEOUT,
    )
    api.delete("Job", NAMESPACE, name)
    return {milestone: at - began for milestone, at in reached.items()}


def job_that_ends_at_once(name: str) -> dict:
    container = {
        "name": "bare",
        "image": image.NAME,
        "imagePullPolicy": "IfNotPresent",
        "command": image.java("-version"),
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
    }
    pod = {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
    }
    return resource("Job", name, spec={"backoffLimit": 0, "template": {"spec": pod}})


def migration(api: Api, name: str) -> dict[str, float] | None:
    """Seconds from the request to each milestone, the runner's own by the node's clock; none when a Job failed."""
    databases.new_database(api, SERVER, name)
    watch = api.watch(NAMESPACE, "TuneTrailDatabase", "Job", "Pod")
    began, began_at = time.monotonic(), time.time()
    api.create(NAMESPACE, databases.staging(name))
    reports: list[dict] = []

    def ended(it: dict) -> bool:
        state = terminated(it) if it["kind"] == "Pod" and it["metadata"]["name"].startswith(name) else None
        if state:
            reports.append(json.loads(state["message"]))
        return state is not None

    reached = watch.milestones(
        {
            "Job created": lambda it: it["kind"] == "Job" and it["metadata"]["name"].startswith(name),
            "its end seen": ended,
            "Ready": lambda it: has_condition(it, "TuneTrailDatabase", name, "Ready"),
        },
        TIMEOUT,
    )
    api.delete("TuneTrailDatabase", NAMESPACE, name)
    if reports[0]["applied"] != len(databases.SCRIPTS):
        print(f"2, not counted: {reports[0]}", flush=True)
        return None
    times = {milestone: at - began for milestone, at in reached.items()}
    times["its runner began"] = instant(reports[0]["started"]) - began_at
    times["its runner ended"] = instant(reports[0]["finished"]) - began_at
    return dict(sorted(times.items(), key=lambda it: it[1]))


def instant(text: str) -> float:
    """Seconds since 1970; Java prints more digits than Python's parser takes."""
    seconds, _, fraction = text.rstrip("Z").partition(".")
    return datetime.datetime.fromisoformat(seconds + "+00:00").timestamp() + float("0." + (fraction or "0"))
