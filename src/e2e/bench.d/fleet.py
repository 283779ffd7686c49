"""Many resources: made at once, changed at once, and waited for."""

import concurrent.futures
import time
from collections.abc import Callable, Iterable

import databases
from databases import NAMESPACE, psql
from kubernetes import Api, Watch, has_condition, kubectl

TEMPLATE = "bench-template"
TIMEOUT = 900
IN_PARALLEL = 8


def each(names: Iterable[str], work: Callable[[str], object]) -> None:
    with concurrent.futures.ThreadPoolExecutor(IN_PARALLEL) as threads:
        list(threads.map(work, names))


def make_template(api: Api, server: str) -> None:
    """A database that a Job brought to its target, to be cloned; its role, Secret and ConfigMap serve the clones."""
    made = "secret/" + TEMPLATE, "configmap/" + TEMPLATE
    kubectl("delete", *made, "--namespace=" + NAMESPACE, "--ignore-not-found")  # an earlier figure's
    databases.new_database(api, server, TEMPLATE)
    watch = api.watch(NAMESPACE, "TuneTrailDatabase")
    api.create(NAMESPACE, databases.staging(TEMPLATE))
    watch.milestones({"Ready": lambda it: has_condition(it, "TuneTrailDatabase", TEMPLATE, "Ready")}, TIMEOUT)
    api.delete("TuneTrailDatabase", NAMESPACE, TEMPLATE)


def clone_databases(server: str, names: list[str]) -> None:
    """With none connected to the template: a look that is under way would refuse it."""
    psql(server, "postgres", f"""SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{TEMPLATE}'""")
    psql(server, "postgres", "\n".join(
        f'DROP DATABASE IF EXISTS "{it}" WITH (FORCE);\nCREATE DATABASE "{it}" TEMPLATE "{TEMPLATE}" OWNER "{TEMPLATE}";'
        for it in names))  # fmt: skip


def drop_databases(server: str, names: list[str]) -> None:
    psql(server, "postgres", "\n".join(f'DROP DATABASE IF EXISTS "{it}" WITH (FORCE);' for it in names))


def clone(name: str) -> dict:
    """A resource for a clone of the template, with the template's Secret and ConfigMap."""
    thing = databases.staging(name)
    thing["spec"]["connection"] = {"secretRef": {"name": TEMPLATE}, "database": name}
    thing["spec"]["schema"] = databases.flyway(TEMPLATE)
    return thing


def await_all(watch: Watch, names: Iterable[str], test: Callable[[dict, str], bool]) -> dict[str, float]:
    """When the test held first of each, in monotonic time."""
    waiting, reached, deadline = set(names), {}, time.monotonic() + TIMEOUT
    while waiting:
        change = watch.next(deadline)
        if change is None:
            raise RuntimeError(f"waited in vain for {len(waiting)} of {len(waiting) + len(reached)}: {sorted(waiting)[:3]}")
        arrival, thing, _ = change
        name = thing["metadata"]["name"]
        if name in waiting and test(thing, name):
            waiting.discard(name)
            reached[name] = arrival
    return reached


def is_ready(thing: dict, name: str) -> bool:
    return has_condition(thing, "TuneTrailDatabase", name, "Ready")


def touch(api: Api, name: str, token: str) -> None:
    """Changes the spec and nothing that would have to run."""
    api.merge("TuneTrailDatabase", NAMESPACE, name, {"spec": {"migration": {"retry": token}}})


def delete_all(api: Api, names: Iterable[str]) -> None:
    each(names, lambda name: api.delete("TuneTrailDatabase", NAMESPACE, name))
