"""PostgreSQL stops for a while; from when it accepts connections again until the resource is Ready again."""

import concurrent.futures
import contextlib
import copy
import subprocess
import time
from collections.abc import Iterator

import databases
from databases import NAMESPACE, SERVERS
from kubernetes import KUBECTL, Api, Watch, has_condition, kubectl, resource
from table import SECONDS, Aim, Row

SERVER = "pg-outage"
LIKE = "pg17"
NAME = "bench-outage"
TIMEOUT = 300
AIM = Aim("≤ 10 s", lambda ours, _: ours <= 10)

# A server that can be stopped for as long as /tmp/away exists, while its pod and its data stay.
SUPERVISOR = """
while true; do
  /bin/bash /etc/postgresql/config/start-postgres &
  wait $!
  while [[ -e /tmp/away ]]; do sleep 0.02; done
done
"""
STOP = "touch /tmp/away && pg_ctl stop --silent --mode=fast --pgdata=/var/lib/postgresql/data/pgdata"
RETURN = "rm /tmp/away; until pg_isready --quiet --host=127.0.0.1; do sleep 0.02; done"

# The floor: a client that does nothing but try, by the Service's name.
TRY = f"""
export PGPASSWORD={databases.PASSWORD} PGCONNECT_TIMEOUT=2
until psql --no-psqlrc --quiet --host={SERVER}.{SERVERS} --username={NAME} --dbname={NAME} --command='SELECT 1'
do sleep 0.05; done > /dev/null 2>&1
"""


def measure(api: Api, runs: int, outage: float) -> list[Row]:
    with server(api), concurrent.futures.ThreadPoolExecutor() as threads:
        databases.new_database(api, SERVER, NAME)
        watch = api.watch(NAMESPACE, "TuneTrailDatabase")
        api.create(NAMESPACE, databases.staging(NAME))
        until_ready(watch, "True")
        rounds = [one_outage(watch, threads, outage) for _ in range(runs)]
        api.delete("TuneTrailDatabase", NAMESPACE, NAME)
    return [
        Row(4, f"PostgreSQL away for {outage:.0f} s: accepts connections → Ready", SECONDS, [it[0] for it in rounds],
            "a bare client by the Service's name: → connected", [it[1] for it in rounds], AIM)
    ]  # fmt: skip


def one_outage(watch: Watch, threads: concurrent.futures.Executor, outage: float) -> tuple[float, float]:
    """Seconds until Ready, and until a bare client was connected. An outage that nobody noticed would count for nothing."""
    shell(SERVER, STOP)
    stopped = time.monotonic()
    client = threads.submit(lambda: (shell(LIKE, TRY), time.monotonic())[1])
    until_ready(watch, "False")
    time.sleep(max(0.0, stopped + outage - time.monotonic()))
    shell(SERVER, RETURN)
    accepts = time.monotonic()
    ready = until_ready(watch, "True")
    return ready - accepts, client.result(TIMEOUT) - accepts


def until_ready(watch: Watch, status: str) -> float:
    test = {"Ready": lambda it: has_condition(it, "TuneTrailDatabase", NAME, "Ready", status)}
    return watch.milestones(test, TIMEOUT)["Ready"]


def shell(server_name: str, script: str) -> None:
    command = ["exec", "--namespace=" + SERVERS, "deployment/" + server_name, "--container=postgres", "--"]
    subprocess.run([*KUBECTL, *command, "bash", "-c", script], check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def server(api: Api) -> Iterator[None]:
    """A server like pg17, for this figure alone."""
    kubectl("delete", f"deployment/{SERVER}", f"service/{SERVER}", "--namespace=" + SERVERS, "--ignore-not-found")
    spec = copy.deepcopy(api.get("Deployment", SERVERS, LIKE)["spec"])
    spec["selector"] = {"matchLabels": {"app": SERVER}}
    spec["template"]["metadata"] = {"labels": {"app": SERVER}}
    spec["template"]["spec"]["containers"][0]["command"] = ["/bin/bash", "-c", SUPERVISOR]
    api.create(SERVERS, resource("Deployment", SERVER, spec=spec))
    ports = [{"name": "postgresql", "port": 5432}]
    api.create(SERVERS, resource("Service", SERVER, spec={"selector": {"app": SERVER}, "ports": ports}))
    try:
        kubectl("rollout", "status", "deployment/" + SERVER, "--namespace=" + SERVERS, "--timeout=300s")
        yield
    finally:
        kubectl("delete", f"deployment/{SERVER}", f"service/{SERVER}", "--namespace=" + SERVERS)
