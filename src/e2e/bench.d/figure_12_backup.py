"""A backup into a volume, in turn with the bare pg_dump of the same format, whole processes in one pod; encrypted, and by two
sessions."""

from collections.abc import Callable

import archives
from databases import NAMESPACE
from kubernetes import Api, kubectl
from table import Aim, Row

FAST = Aim("≥ 95 %", lambda ours, bare: ours >= 0.95 * bare)
# Nobody has its secret key: what is encrypted for it is never opened.
RECIPIENT = "age1y9xttrzwmrl5lsprwlah8w5wmmnjkdxuv349thkh6xurxgw8scwq0ph6uy"
DUMP = [archives.CLIENTS + "pg_dump", "--format=custom", "--compress=zstd", "--file=/backup/bare.dump"]
BARE = "bare `pg_dump -Fc -Z zstd`"
DUMP_IN_JOBS = [archives.CLIENTS + "pg_dump", "--format=directory", "--jobs=2", "--compress=zstd"]
BARE_IN_JOBS = "bare `pg_dump -Fd -j2 -Z zstd`"


def measure(api: Api, runs: int, scale: int) -> list[Row]:
    name = f"bench-backup-{scale}"
    size = archives.make(api, name, scale)
    what = f"backup of pgbench scale {scale} ({size / 1e6:.0f} MB)"
    plain = archives.rows(12, what, size, BARE, in_turn(api, name, runs), FAST)
    together = archives.rows(12, "the same, by two sessions", size, BARE_IN_JOBS, in_jobs(api, name, runs), FAST)
    encrypt(api, name)
    encrypted = archives.rows(12, "the same, encrypted", size, BARE, in_turn(api, name, runs))
    archives.remove(api, name)
    return plain + together + encrypted


def in_jobs(api: Api, name: str, runs: int) -> dict[str, list[float]]:
    change(api, name, '{"parallel":{"jobs":2}}', lambda template: '"jobs":2' in str(template))
    bare = [*DUMP_IN_JOBS, f"--file=/backup/{name}-{{round}}"]  # a folder that is there it does not write into
    seen = archives.in_turn(api, name, runs, pod(api, name), "backup", bare, archives.psql("SELECT 1"))
    change(api, name, '{"parallel":null}', lambda template: '"jobs":2' not in str(template))
    return seen


def in_turn(api: Api, name: str, runs: int) -> dict[str, list[float]]:
    return archives.in_turn(api, name, runs, pod(api, name), "backup", DUMP, archives.psql("SELECT 1"))


def pod(api: Api, name: str) -> dict:
    return api.get("CronJob", NAMESPACE, name + "-backup")["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def encrypt(api: Api, name: str) -> None:
    kubectl("create", "secret", "generic", name + "-age", "--namespace=" + NAMESPACE, "--from-literal=recipient=" + RECIPIENT)
    change(api, name, f'{{"encryption":{{"secretRef":{{"name":"{name}-age"}}}}}}', lambda template: name + "-age" in str(template))


def change(api: Api, name: str, backup: str, is_seen: Callable[[dict], bool]) -> None:
    """Changes how backups are made, and waits for the CronJob that makes them so."""
    watch = api.watch(NAMESPACE, "CronJob")
    patch = f'{{"spec":{{"backup":{backup}}}}}'
    kubectl("patch", "tunetraildatabase", name, "--namespace=" + NAMESPACE, "--type=merge", "--patch=" + patch)
    watch.milestones({"changed": lambda it: is_seen(it["spec"]["jobTemplate"]["spec"]["template"])}, 60)
