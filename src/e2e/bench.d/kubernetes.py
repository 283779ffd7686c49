"""The Kubernetes API, through `kubectl proxy` so that every kind of kubeconfig will do."""

import http.client
import json
import os
import queue
import subprocess
import threading
import time

PATHS = {
    "CronJob": "/apis/batch/v1/namespaces/{}/cronjobs",
    "ConfigMap": "/api/v1/namespaces/{}/configmaps",
    "Deployment": "/apis/apps/v1/namespaces/{}/deployments",
    "Event": "/api/v1/namespaces/{}/events",
    "Job": "/apis/batch/v1/namespaces/{}/jobs",
    "Lease": "/apis/coordination.k8s.io/v1/namespaces/{}/leases",
    "Pod": "/api/v1/namespaces/{}/pods",
    "Secret": "/api/v1/namespaces/{}/secrets",
    "Service": "/api/v1/namespaces/{}/services",
    "TuneTrailDatabase": "/apis/tunetrail.io/v1alpha1/namespaces/{}/tunetraildatabases",
    "TuneTrailRestore": "/apis/tunetrail.io/v1alpha1/namespaces/{}/tunetrailrestores",
}
VERSIONS = {
    "Deployment": "apps/v1",
    "Job": "batch/v1",
    "TuneTrailDatabase": "tunetrail.io/v1alpha1",
    "TuneTrailRestore": "tunetrail.io/v1alpha1",
}

KUBECTL = ["kubectl", "--kubeconfig=" + os.environ["E2E_KUBECONFIG"]]


def kubectl(*arguments: str, stdin: str | None = None) -> str:
    """What kubectl prints; raises with its error output when it fails."""
    done = subprocess.run([*KUBECTL, *arguments], input=stdin, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"kubectl {' '.join(arguments[:4])} failed: {done.stderr.strip()}")
    return done.stdout


def resource(kind: str, name: str, **fields: object) -> dict:
    return {"apiVersion": VERSIONS.get(kind, "v1"), "kind": kind, "metadata": {"name": name}, **fields}


class Api:
    """A context: the proxy ends with it."""

    def __enter__(self) -> "Api":
        self.proxy = subprocess.Popen([*KUBECTL, "proxy", "--port=0"], stdout=subprocess.PIPE, text=True)
        self.address = self.proxy.stdout.readline().split()[-1]
        return self

    def __exit__(self, *_: object) -> None:
        self.proxy.terminate()
        self.proxy.wait()

    def open(
        self, method: str, path: str, body: dict | None = None, content_type: str = "application/json"
    ) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(self.address)
        content = None if body is None else json.dumps(body)
        connection.request(method, path, content, {"Content-Type": content_type})
        response = connection.getresponse()
        if response.status >= 300:
            raise RuntimeError(f"{method} {path}: {response.status} {response.read().decode()}")
        return response

    def create(self, namespace: str, thing: dict) -> dict:
        return json.load(self.open("POST", PATHS[thing["kind"]].format(namespace), thing))

    def get(self, kind: str, namespace: str, name: str) -> dict:
        return json.load(self.open("GET", PATHS[kind].format(namespace) + "/" + name))

    def list(self, kind: str, namespace: str) -> dict:
        return json.load(self.open("GET", PATHS[kind].format(namespace)))

    def delete(self, kind: str, namespace: str, name: str) -> None:
        path = PATHS[kind].format(namespace) + "/" + name
        self.open("DELETE", path, {"kind": "DeleteOptions", "propagationPolicy": "Background"}).read()

    def merge(self, kind: str, namespace: str, name: str, patch: dict) -> None:
        path = PATHS[kind].format(namespace) + "/" + name
        self.open("PATCH", path, patch, "application/merge-patch+json").read()

    def statistics(self) -> dict:
        """What each kubelet knows of its pods."""
        nodes = json.load(self.open("GET", "/api/v1/nodes"))["items"]
        pods = []
        for node in nodes:
            path = f"/api/v1/nodes/{node['metadata']['name']}/proxy/stats/summary"
            pods += json.load(self.open("GET", path))["pods"]
        return {"pods": pods}

    def metrics(self) -> str:
        return self.open("GET", "/metrics").read().decode()

    def watch(self, namespace: str, *kinds: str) -> "Watch":
        return Watch(self, namespace, kinds)


class Watch:
    """All changes of some kinds in a namespace from now on, each with the monotonic time of its arrival."""

    def __init__(self, api: Api, namespace: str, kinds: tuple[str, ...]) -> None:
        self.changes: queue.Queue[tuple[float, dict]] = queue.Queue()
        for kind in kinds:
            since = api.list(kind, namespace)["metadata"]["resourceVersion"]
            path = f"{PATHS[kind].format(namespace)}?watch=1&resourceVersion={since}"
            threading.Thread(target=self._follow, args=(api.open("GET", path),), daemon=True).start()

    def _follow(self, response: http.client.HTTPResponse) -> None:
        try:
            for line in response:
                self.changes.put((time.monotonic(), json.loads(line)))
            self.changes.put((time.monotonic(), {"type": "ERROR", "object": "the watch ended"}))
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.changes.put((time.monotonic(), {"type": "ERROR", "object": str(error)}))

    def next(self, until: float) -> tuple[float, dict, str] | None:
        """Arrival, object and ADDED, MODIFIED or DELETED; none when nothing came until that monotonic time."""
        try:
            arrival, change = self.changes.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            return None
        if change["type"] == "ERROR":
            raise RuntimeError(f"a watch failed: {change['object']}")
        return arrival, change["object"], change["type"]

    def milestones(self, tests: dict, timeout: float) -> dict[str, float]:
        """When each test of an object first held, in monotonic time; ends when all of them did."""
        reached: dict[str, float] = {}
        deadline = time.monotonic() + timeout
        last: dict = {}
        while len(reached) < len(tests):
            change = self.next(deadline)
            if change is None:
                missing = [name for name in tests if name not in reached]
                raise RuntimeError(f"waited {timeout} s in vain for {missing}; last seen: {json.dumps(last)[-1500:]}")
            arrival, last, _ = change
            for name, test in tests.items():
                if name not in reached and test(last):
                    reached[name] = arrival
        return reached


def has_condition(thing: dict, kind: str, name: str, condition: str, status: str = "True") -> bool:
    """Whether this is that object and says so of its newest generation."""
    if thing["kind"] != kind or thing["metadata"]["name"] != name:
        return False
    said = thing.get("status", {})
    current = said.get("observedGeneration", thing["metadata"].get("generation")) == thing["metadata"].get("generation")
    return current and any(
        it["type"] == condition and it["status"] == status for it in said.get("conditions", [])
    )


def is_pod_of(thing: dict, job: str) -> bool:
    return thing["kind"] == "Pod" and thing["metadata"].get("labels", {}).get("job-name") == job


def terminated(pod: dict) -> dict | None:
    """The state of the first container that has ended."""
    for container in pod.get("status", {}).get("containerStatuses", []):
        if "terminated" in container["state"]:
            return container["state"]["terminated"]
    return None
