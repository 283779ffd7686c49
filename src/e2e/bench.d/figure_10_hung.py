"""How soon a change of a healthy database is seen, without and with a hung one for every nine: its server never answers."""

import statistics
import time

import fleet
from databases import NAMESPACE
from kubernetes import Api, kubectl, resource
from table import SECONDS, Aim, Row

SERVER = "pg17"
HEALTHY = 45
HUNG = 5
ROUNDS = 4
AIM = Aim("≤ 1.2 × without", lambda ours, without: ours <= 1.2 * without)
SILENCE = """
my $server = IO::Socket::INET->new(LocalPort => 5432, Listen => 128, ReuseAddr => 1) or die $!;
my @clients;
while (my $client = $server->accept) { push @clients, $client }
"""


def measure(api: Api) -> list[Row]:
    healthy = [f"bench-healthy-{it}" for it in range(HEALTHY)]
    hung = [f"bench-hung-{it}" for it in range(HUNG)]
    fleet.make_template(api, SERVER)
    fleet.clone_databases(SERVER, healthy)
    watch = api.watch(NAMESPACE, "TuneTrailDatabase")
    fleet.each(healthy, lambda name: api.create(NAMESPACE, fleet.clone(name)))
    fleet.await_all(watch, healthy, fleet.is_ready)
    try:
        without = times(api, healthy, "without")
        start_silence(api)
        watch = api.watch(NAMESPACE, "TuneTrailDatabase")
        fleet.each(hung, lambda name: api.create(NAMESPACE, hung_resource(name)))
        fleet.await_all(watch, hung, lambda thing, _: bool(thing.get("status")))
        beside = times(api, healthy, "beside")
    finally:
        fleet.delete_all(api, healthy + hung)
        fleet.drop_databases(SERVER, healthy)
        kubectl("delete", "pod/silence", "service/silence", "--namespace=" + NAMESPACE, "--ignore-not-found", "--wait=false")
    return [
        Row(10, f"{HEALTHY} healthy beside {HUNG} hung: changed → seen, 95th percentile", SECONDS, [percentile(beside)],
            "without hung ones", [percentile(without)], AIM),
        Row(10, "all of these", SECONDS, beside, "without hung ones", without),
    ]  # fmt: skip


def times(api: Api, names: list[str], word: str) -> list[float]:
    """One after another, so that each waits for others' hung looks and not for the healthy ones'."""
    seen = []
    for number in range(ROUNDS):
        for name in names:
            watch, began = api.watch(NAMESPACE, "TuneTrailDatabase"), time.monotonic()
            fleet.touch(api, name, f"{word}-{number}")
            seen.append(fleet.await_all(watch, [name], fleet.is_ready)[name] - began)
    return seen


def percentile(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def hung_resource(name: str) -> dict:
    thing = fleet.clone(name)
    thing["spec"]["connection"]["host"] = "silence"
    return thing


def start_silence(api: Api) -> None:
    container = {
        "name": "listener",
        "image": "localhost/postgres:17",
        "command": ["perl", "-MIO::Socket::INET", "-e", SILENCE],
        "readinessProbe": {"tcpSocket": {"port": 5432}, "periodSeconds": 1},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
    }
    spec = {
        "automountServiceAccountToken": False,
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
    }
    pod = resource("Pod", "silence", spec=spec)
    pod["metadata"]["labels"] = {"app": "silence"}
    api.create(NAMESPACE, pod)
    api.create(NAMESPACE, resource("Service", "silence", spec={"selector": {"app": "silence"}, "ports": [{"port": 5432}]}))
    kubectl("wait", "pod/silence", "--namespace=" + NAMESPACE, "--for=condition=Ready", "--timeout=120s")
