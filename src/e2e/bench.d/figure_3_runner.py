"""The runner with nothing to do, in turn with a bare main that calls Flyway's migrate from the runner's AOT cache: whole
processes, in one pod."""

import databases
import image
import stopwatch_pod
from databases import NAMESPACE
from kubernetes import Api, has_condition
from table import MILLISECONDS, Aim, Row

NAME = "bench-runner"
TIMEOUT = 300
AIM = Aim("≤ 300 ms", lambda ours, _: ours <= 0.3)


def measure(api: Api, runs: int) -> list[Row]:
    databases.new_database(api, "pg17", NAME)
    watch = api.watch(NAMESPACE, "TuneTrailDatabase")
    api.create(NAMESPACE, databases.staging(NAME))
    watch.milestones({"Ready": lambda it: has_condition(it, "TuneTrailDatabase", NAME, "Ready")}, TIMEOUT)
    spec = job_pod(api)
    api.delete("TuneTrailDatabase", NAMESPACE, NAME)
    mounts = next(it["value"] for it in spec["containers"][0]["env"] if it["name"] == "TUNETRAIL_MOUNTS")
    bare = [*image.with_main_class("BareMigrate", stopwatch_pod.JAR), mounts, "/bench/sql", databases.LATEST]
    command = stopwatch_pod.stopwatch(["exit", str(runs)], bare, image.program("runner", "migrate"))
    seen = stopwatch_pod.measure(api, NAMESPACE, spec, command, NAME)
    return [
        Row(3, "runner, schema at its target: whole process", MILLISECONDS, seen["second"],
            "bare main: the same Flyway call", seen["first"], AIM),
        Row(3, "of it: processor time, which a busy machine distorts less", MILLISECONDS, seen["second-processor"],
            "bare main: processor time", seen["first-processor"]),
    ]  # fmt: skip


def job_pod(api: Api) -> dict:
    """The pod of the Job that brought the database to its target: the same order has nothing to do now."""
    done = [
        job for job in api.list("Job", NAMESPACE)["items"]
        if job["metadata"]["labels"].get("tunetrail.io/database") == NAME
    ]  # fmt: skip
    newest = max(done, key=lambda job: int(job["metadata"]["labels"]["tunetrail.io/attempt"]))
    return newest["spec"]["template"]["spec"]
