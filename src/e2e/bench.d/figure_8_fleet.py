"""Many ready resources: the operator's memory, its work while nothing changes, and how soon it has seen all after a restart."""

import time

import fleet
import operator_pod
from databases import NAMESPACE
from figure_5_idle import requests
from kubernetes import Api
from operator_pod import Usage
from table import MEBIBYTES, SECONDS, WRITES, Aim, Row

SERVER = "pg17"
SETTLING_SECONDS = 5
SMALL = Aim("≤ 220 MiB", lambda ours, _: ours <= 220 * 2**20)
QUICK = Aim("≤ 10 s", lambda ours, _: ours <= 10)
NOTHING = Aim("0", lambda ours, _: ours == 0)


def measure(api: Api, number: int, idle_seconds: float) -> list[Row]:
    names = [f"bench-fleet-{it}" for it in range(number)]
    fleet.make_template(api, SERVER)
    fleet.clone_databases(SERVER, names)
    try:
        watch = api.watch(NAMESPACE, "TuneTrailDatabase")
        fleet.each(names, lambda name: api.create(NAMESPACE, fleet.clone(name)))
        fleet.await_all(watch, names, fleet.is_ready)
        return [*at_rest(api, number, idle_seconds), *after_a_restart(api, names)]
    finally:
        fleet.delete_all(api, names)
        fleet.drop_databases(SERVER, names)


def at_rest(api: Api, number: int, seconds: float) -> list[Row]:
    settle(api)
    before, written = Usage(api), requests(api)
    time.sleep(seconds)
    after, written = Usage(api), requests(api) - written
    minutes = (after.at - before.at) / 60
    used = (after.processor_seconds - before.processor_seconds) / minutes
    return [
        Row(8, f"{number} ready resources: resident memory", MEBIBYTES, [after.resident], aim=SMALL),
        Row(8, "of them, nothing changes: processor time in a minute", SECONDS, [used]),
        Row(8, f"and writes to them in {seconds:.0f} s", WRITES, [written], aim=NOTHING),
    ]


def settle(api: Api) -> None:
    """The Events of those that were ready last come after their status: waits until a while brings no write."""
    before = None
    while (now := requests(api)) != before:
        before = now
        time.sleep(SETTLING_SECONDS)


def after_a_restart(api: Api, names: list[str]) -> list[Row]:
    """Each resource's spec is changed while the operator is away, so that each status says when it was seen."""
    with operator_pod.replicas(0):
        fleet.each(names, lambda name: fleet.touch(api, name, "restart"))
        watch = api.watch(NAMESPACE, "TuneTrailDatabase")
    last = max(fleet.await_all(watch, names, fleet.is_ready).values())
    seen_at = time.time() - (time.monotonic() - last)
    usage = Usage(api)
    return [
        Row(8, f"{len(names)} resources: the operator's process started → all seen", SECONDS,
            [seen_at - operator_pod.started(api)], aim=QUICK),
        Row(8, "its resident memory then", MEBIBYTES, [usage.resident], aim=SMALL),
    ]  # fmt: skip
