"""The operator's memory before and after others fill the cluster with Secrets and Jobs, each time after a restart."""

import base64
import os

import fleet
import operator_pod
from kubernetes import Api, kubectl, resource
from operator_pod import Usage
from table import MEBIBYTES, Aim, Row

SECRETS = 600
SECRET_BYTES = 900 * 1024
JOBS = 10_000
FOREIGN = "bench-foreign"
AIM = Aim("≤ +10 MiB", lambda ours, before: ours <= before + 10 * 2**20)


def measure(api: Api) -> list[Row]:
    before = after_restart(api)
    kubectl("create", "namespace", FOREIGN)
    try:
        content = base64.b64encode(os.urandom(SECRET_BYTES)).decode()
        fleet.each(
            [f"foreign-{it}" for it in range(SECRETS)],
            lambda name: api.create(FOREIGN, resource("Secret", name, data={"content": content})),
        )
        fleet.each([f"foreign-{it}" for it in range(JOBS)], lambda name: api.create(FOREIGN, suspended_job(name)))
        after = after_restart(api)
    finally:
        kubectl("delete", "namespace", FOREIGN, "--wait=false")
    name = f"resident memory beside {SECRETS} foreign Secrets of {SECRET_BYTES // 1024} KiB and {JOBS} foreign Jobs"
    return [Row(9, name, MEBIBYTES, [after], "before", [before], AIM)]


def after_restart(api: Api) -> int:
    with operator_pod.replicas(0):
        pass
    Usage(api)
    return Usage(api).resident


def suspended_job(name: str) -> dict:
    container = {"name": "idle", "image": "localhost/pause", "command": ["/pause"]}
    template = {"spec": {"restartPolicy": "Never", "containers": [container]}}
    return resource("Job", name, spec={"suspend": True, "template": template})
