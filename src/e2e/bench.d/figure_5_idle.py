"""What the operator writes to the API while three ready resources, one of each kind, do not change."""

import re
import time

import databases
from databases import NAMESPACE
from kubernetes import Api, Watch, has_condition
from table import WRITES, Aim, Row

SERVER = "pg17"
KINDS = {
    "bench-community": databases.community,
    "bench-staging": databases.staging,
    "bench-production": databases.production,
}
TIMEOUT = 300
AIM = Aim("0", lambda ours, _: ours == 0)

# Only the operator writes these; a request that changes nothing counts too, which a watch would not show.
REQUESTS = re.compile(r'^apiserver_request_total\{([^}]*resource="tunetraildatabases"[^}]*)\} (\S+)$', re.MULTILINE)
WRITING = re.compile(r'verb="(POST|PUT|PATCH|APPLY|DELETE)"')


def measure(api: Api, seconds: float) -> list[Row]:
    for name in KINDS:
        databases.new_database(api, SERVER, name)
    busy = Window(api)
    for name, declared in KINDS.items():
        api.create(NAMESPACE, declared(name))
    busy.until_at_rest()
    before = busy.writes()
    if before <= 2 * len(KINDS):
        raise RuntimeError(f"only {before} writes were counted while three resources became ready")
    idle = Window(api)
    idle.collect(time.monotonic() + seconds)
    written, looks = idle.writes(), idle.looks()
    if looks == 0:
        raise RuntimeError(f"the operator did not look at the databases within {seconds} s; measure for longer")
    for line in idle.seen:
        print("5, written:", line, flush=True)
    for kind in KINDS:
        api.delete("TuneTrailDatabase", NAMESPACE, kind)
    name = f"three ready resources unchanged for {seconds:.0f} s, {looks} sessions that looked"
    return [Row(5, name, WRITES, [written], "the same three becoming ready", [before], AIM)]


class Window:
    """What is written in the namespace from now on."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.watch: Watch = api.watch(NAMESPACE, "TuneTrailDatabase", "Job", "Event", "ConfigMap", "Secret")
        self.requests_before = requests(api)
        self.sessions_before = sessions()
        self.seen: list[str] = []

    def collect(self, until: float) -> None:
        while change := self.watch.next(until):
            _, thing, kind = change
            self.note(thing, kind)

    def until_at_rest(self) -> None:
        """Until every resource is Ready and every Job Complete, with which Kubernetes writes no more."""
        waiting = set(KINDS) | {"Job of " + name for name in KINDS}
        deadline = time.monotonic() + TIMEOUT
        while waiting:
            change = self.watch.next(deadline)
            if change is None:
                raise RuntimeError(f"waited in vain for {sorted(waiting)}")
            _, thing, kind = change
            self.note(thing, kind)
            name = thing["metadata"]["name"]
            if has_condition(thing, "TuneTrailDatabase", name, "Ready"):
                waiting.discard(name)
            if has_condition(thing, "Job", name, "Complete"):
                waiting.discard("Job of " + thing["metadata"]["labels"]["tunetrail.io/database"])

    def note(self, thing: dict, kind: str) -> None:
        """Resources are counted by requests; of the rest what is the operator's: its Events, and all else new or gone."""
        about = thing.get("involvedObject", {}).get("kind", "TuneTrailDatabase")
        if thing["kind"] == "TuneTrailDatabase" or about != "TuneTrailDatabase":
            return
        if thing["kind"] == "Job" and kind == "MODIFIED":  # by the Job controller: the operator may not
            return
        self.seen.append(f"{kind} {thing['kind']} {thing['metadata']['name']}: {thing.get('message', '')}")

    def writes(self) -> int:
        return len(self.seen) + requests(self.api) - self.requests_before

    def looks(self) -> int:
        return sessions() - self.sessions_before


def requests(api: Api) -> int:
    found = REQUESTS.findall(api.metrics())
    return sum(int(float(count)) for labels, count in found if WRITING.search(labels))


def sessions() -> int:
    names = ", ".join(f"'{name}'" for name in KINDS)
    return int(databases.psql(SERVER, "postgres", f"SELECT sum(sessions) FROM pg_stat_database WHERE datname IN ({names})"))
