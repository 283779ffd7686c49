"""A pgbench database with backups in a volume, and PostgreSQL's own programs in turn with the operator's, in one pod."""

import databases
import image
import stopwatch_pod
from databases import NAMESPACE
from kubernetes import Api, has_condition, kubectl
from table import MEBIBYTES, MEGABYTES_A_SECOND, Aim, Row

SERVER = "pg17"
CLIENTS = "/usr/lib/postgresql/17/bin/"
TIMEOUT = 1800
# No backup is made but those that are asked for.
NEVER = "7 3 30 1 *"
SMALL = Aim("≤ 128 MiB", lambda ours, _: ours <= 128 * 2**20)


def make(api: Api, name: str, scale: int) -> float:
    """Makes the database, and answers its bytes."""
    databases.new_database(api, SERVER, name)
    databases.psql(SERVER, "postgres", f'ALTER ROLE "{name}" CREATEDB')
    thing = databases.staging(name)
    thing["spec"]["backup"] = {
        "schedule": NEVER,
        "verification": {"suspend": True},
        "storage": {"persistentVolumeClaim": {"claimName": "backups"}},
    }
    watch = api.watch(NAMESPACE, "TuneTrailDatabase")
    api.create(NAMESPACE, thing)
    watch.milestones({"Ready": lambda it: has_condition(it, "TuneTrailDatabase", name, "Ready")}, TIMEOUT)
    fill(name, scale)
    return float(databases.psql(SERVER, "postgres", f"SELECT pg_database_size('{name}')"))


def fill(name: str, scale: int) -> None:
    kubectl(
        "exec", "--namespace=" + databases.SERVERS, "deployment/" + SERVER, "--container=postgres", "--",
        CLIENTS + "pgbench", "--initialize", "--quiet", f"--scale={scale}", name,
    )  # fmt: skip
    for table in ("accounts", "branches", "history", "tellers"):
        databases.psql(SERVER, name, f'ALTER TABLE pgbench_{table} OWNER TO "{name}"')
    databases.psql(SERVER, name, "CHECKPOINT")


def back_up(api: Api, name: str, job: str) -> str:
    """Makes one by the CronJob; its name, once the status tells it."""
    watch = api.watch(NAMESPACE, "TuneTrailDatabase")
    kubectl("create", "job", job, f"--from=cronjob/{name}-backup", "--namespace=" + NAMESPACE)
    watch.milestones({"made": lambda it: it["metadata"]["name"] == name and last(it) != ""}, TIMEOUT)
    return last(api.get("TuneTrailDatabase", NAMESPACE, name))


def last(thing: dict) -> str:
    return thing.get("status", {}).get("backup", {}).get("lastSuccessful", {}).get("name", "")


def remove(api: Api, name: str) -> None:
    api.delete("TuneTrailDatabase", NAMESPACE, name)
    databases.psql(SERVER, "postgres", f'DROP DATABASE "{name}" WITH (FORCE)')


def in_turn(api: Api, name: str, runs: int, pod: dict, role: str, bare: list[str], before: list[str]) -> dict[str, list[float]]:
    """Both in a pod like that, which sees the database by libpq's own variables, too; see Stopwatch.java."""
    variables = {
        "PGHOST": f"{SERVER}.{databases.SERVERS}",
        "PGDATABASE": name,
        "PGUSER": name,
        "PGPASSWORD": databases.PASSWORD,
    }
    first, *others = pod["containers"]
    env = first.get("env", []) + [{"name": key, "value": value} for key, value in variables.items()]
    # The stopwatch's own Java needs memory beside what is measured.
    container = {**first, "env": env, "resources": {"limits": {"memory": "256Mi"}}}
    java, *program = image.program("archiver", role)
    ours = [java, "-XX:MaxRAM=128m", *program]  # it takes as much as in a pod of that limit
    command = stopwatch_pod.stopwatch(["exit", str(runs)], bare, ours)
    return stopwatch_pod.measure(
        api, NAMESPACE, {**pod, "containers": [container, *others]}, [*command, "--", *before], None
    )


def psql(*statements: str) -> list[str]:
    """A command that runs them, for what is to be there before each round."""
    commands = [part for it in statements for part in ("--command", it)]
    return [CLIENTS + "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname=postgres", *commands]


def rows(number: int, what: str, size: float, beside: str, seen: dict[str, list[float]], fast: Aim | None = None) -> list[Row]:
    return [
        Row(number, what, MEGABYTES_A_SECOND, [size / it for it in seen["second"]],
            beside, [size / it for it in seen["first"]], fast),
        Row(number, "its memory", MEBIBYTES, seen["second-peak"], beside, seen["first-peak"], SMALL),
    ]  # fmt: skip
