"""Many resources applied at once, each with three scripts, after as many bare Jobs of the same image."""

import time

import databases
import fleet
from databases import NAMESPACE
from figure_2_migration import job_that_ends_at_once
from kubernetes import Api, has_condition
from table import SECONDS, Aim, Row

SERVER = "pg17"
AIM = Aim("≤ 1.1 × the bare Jobs'", lambda ours, jobs: ours <= 1.1 * jobs)


def measure(api: Api, number: int) -> list[Row]:
    bare = bare_jobs(api, [f"bare-at-once-{it}" for it in range(number)])
    ours = resources(api, [f"bench-at-once-{it}" for it in range(number)])
    return [
        Row(7, f"{number} resources applied at once → the last Ready", SECONDS, [max(ours)],
            f"{number} bare Jobs: the last Complete", [max(bare)], AIM),
        Row(7, "of it: each one's time", SECONDS, ours, "each bare Job's time", bare),
    ]  # fmt: skip


def bare_jobs(api: Api, names: list[str]) -> list[float]:
    watch, began = api.watch(NAMESPACE, "Job"), time.monotonic()
    fleet.each(names, lambda name: api.create(NAMESPACE, job_that_ends_at_once(name)))
    reached = fleet.await_all(watch, names, lambda thing, name: has_condition(thing, "Job", name, "Complete"))
    fleet.each(names, lambda name: api.delete("Job", NAMESPACE, name))
    return [at - began for at in reached.values()]


def resources(api: Api, names: list[str]) -> list[float]:
    fleet.each(names, lambda name: databases.new_database(api, SERVER, name))
    watch, began = api.watch(NAMESPACE, "TuneTrailDatabase"), time.monotonic()
    fleet.each(names, lambda name: api.create(NAMESPACE, databases.staging(name)))
    reached = fleet.await_all(watch, names, fleet.is_ready)
    fleet.delete_all(api, names)
    return [at - began for at in reached.values()]
