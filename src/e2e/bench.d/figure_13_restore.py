"""A restore into a new database and a verification, each in turn with the bare pg_restore -j2 of the same archive, whole
processes in one pod."""

import archives
import databases
from databases import NAMESPACE
from kubernetes import Api, kubectl, resource
from table import SECONDS, Row

TIMEOUT = 1800
BARE = "bare `pg_restore -j2`"


def measure(api: Api, runs: int, scale: int) -> list[Row]:
    name = f"bench-restore-{scale}"
    drop_restored(name)  # an earlier run's
    size = archives.make(api, name, scale)
    try:
        archive = f"/backup/{name}/{archives.back_up(api, name, name + '-1')}.dump"
        restored = in_turn(api, name, runs, "restore", archive, restore_pod(api, name))
        verified = in_turn(api, name, runs, "verify", archive, verification_pod(api, name))
    finally:
        archives.remove(api, name)
        drop_restored(name)
    return [
        *archives.rows(13, f"restore of pgbench scale {scale} ({size / 1e6:.0f} MB)", size, BARE, restored),
        *archives.rows(13, f"verification of scale {scale}", size, BARE, verified),
        Row(13, "the same, as time", SECONDS, verified["second"], BARE, verified["first"]),
    ]


def in_turn(api: Api, name: str, runs: int, role: str, archive: str, pod: dict) -> dict[str, list[float]]:
    bare = [archives.CLIENTS + "pg_restore", "--exit-on-error", "--jobs=2", "--dbname=" + bare_name(name), archive]
    # Without FORCE, by which this login may not end a worker of autovacuum; the server ends it itself then.
    before = archives.psql(
        f'DROP DATABASE IF EXISTS "{copy_name(name)}"',
        f'DROP DATABASE IF EXISTS "{bare_name(name)}"',
        f'CREATE DATABASE "{bare_name(name)}" TEMPLATE template0',
    )
    return archives.in_turn(api, name, runs, pod, role, bare, before)


def drop_restored(name: str) -> None:
    for restored in copy_name(name), bare_name(name):
        databases.psql(archives.SERVER, "postgres", f'DROP DATABASE IF EXISTS "{restored}" WITH (FORCE)')


def copy_name(name: str) -> str:
    return name + "_copy"


def bare_name(name: str) -> str:
    return name + "_bare"


def restore_pod(api: Api, name: str) -> dict:
    """That of a restore which the operator did."""
    thing = resource("TuneTrailRestore", name, spec={
        "databaseRef": {"name": name}, "backup": {"latest": "Any"}, "into": {"newDatabase": copy_name(name)}})  # fmt: skip
    return pod_of_job(api, "restore", lambda: api.create(NAMESPACE, thing))


def verification_pod(api: Api, name: str) -> dict:
    patch = '--patch={"spec":{"backup":{"verification":{"suspend":false}}}}'
    return pod_of_job(
        api,
        "verify",
        lambda: kubectl("patch", "tunetraildatabase", name, "--namespace=" + NAMESPACE, "--type=merge", patch),
    )


def pod_of_job(api: Api, task: str, start) -> dict:
    """Of the Job that is made then, once it is done."""
    done: list[dict] = []

    def is_done(job: dict) -> bool:
        is_its = job["metadata"].get("labels", {}).get("tunetrail.io/task") == task
        if is_its and job.get("status", {}).get("succeeded"):
            done.append(job)
        return bool(done)

    watch = api.watch(NAMESPACE, "Job")
    start()
    watch.milestones({"done": is_done}, TIMEOUT)
    return done[0]["spec"]["template"]["spec"]
