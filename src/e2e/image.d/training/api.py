"""As much of the Kubernetes API as the operator speaks in its first seconds: objects in memory, over TLS, with watches."""

import base64
import hashlib
import http.server
import json
import queue
import re
import ssl
import struct
import threading
import urllib.parse

COLLECTION = re.compile(
    r"/(?:api|apis/(?P<group>[^/]+))/(?P<version>[^/]+)(?:/namespaces/(?P<namespace>[^/]+))?/(?P<plural>[^/]+)(?:/(?P<name>[^/]+))?(?:/status)?"
)
KINDS = {
    "tunetraildatabases": "TuneTrailDatabase",
    "tunetrailrestores": "TuneTrailRestore",
    "jobs": "Job",
    "cronjobs": "CronJob",
    "pods": "Pod",
    "configmaps": "ConfigMap",
    "secrets": "Secret",
    "events": "Event",
    "leases": "Lease",
}
VERSION = {"major": "1", "minor": "34", "gitVersion": "v1.34.0"}
WEBSOCKET = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Store:
    """All objects, by plural and name; who watches a plural is told of each change."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.objects: dict[tuple[str, str], dict] = {}
        self.watchers: list[tuple[str, queue.Queue]] = []
        self.revision = 1

    def put(self, plural: str, thing: dict) -> dict:
        with self.changed:
            self.revision += 1
            key = plural, thing["metadata"].setdefault("name", f"generated-{self.revision}")
            kind = "MODIFIED" if key in self.objects else "ADDED"
            thing["metadata"] |= {"resourceVersion": str(self.revision)}
            thing["metadata"].setdefault("uid", f"00000000-0000-0000-0000-{self.revision:012}")
            thing["metadata"].setdefault("creationTimestamp", "2026-01-01T00:00:00Z")
            thing["metadata"].setdefault("generation", 1)
            self.objects[key] = thing
            for watched, events in self.watchers:
                if watched == plural:
                    events.put({"type": kind, "object": thing})
            self.changed.notify_all()
            return thing

    def list(self, plural: str) -> dict:
        with self.changed:
            items = [thing for (its, _), thing in self.objects.items() if its == plural]
            kind = KINDS.get(plural, "") + "List"
            return {"kind": kind, "metadata": {"resourceVersion": str(self.revision)}, "items": items}

    def watch(self, plural: str) -> queue.Queue:
        events: queue.Queue = queue.Queue()
        with self.changed:
            self.watchers.append((plural, events))
        return events

    def await_all(self, seconds: float, *tests) -> bool:
        """Until each test is true of some object."""
        with self.changed:
            return self.changed.wait_for(
                lambda: all(any(test(plural, thing) for (plural, _), thing in self.objects.items()) for test in tests), seconds
            )


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store: Store

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path == "/version":
            return self.answer(200, VERSION)
        where = self.where()
        if where is None or where["plural"] not in KINDS:
            return self.answer(404, not_found(path))
        if where["name"]:
            thing = self.store.objects.get((where["plural"], where["name"]))
            return self.answer(200, thing) if thing else self.answer(404, not_found(path))
        if "true" in urllib.parse.parse_qs(query).get("watch", []):
            return self.push(self.store.watch(where["plural"]))
        return self.answer(200, self.store.list(where["plural"]))

    def do_POST(self) -> None:
        self.answer(201, self.store.put(self.where()["plural"], self.body()))

    def do_PUT(self) -> None:
        self.answer(200, self.store.put(self.where()["plural"], self.body()))

    def do_PATCH(self) -> None:
        """Of what the operator patches, the status, its patch holds all."""
        where = self.where()
        thing = dict(self.store.objects[where["plural"], where["name"]])
        thing["status"] = self.body()["status"]
        self.answer(200, self.store.put(where["plural"], thing))

    def where(self) -> re.Match:
        return COLLECTION.fullmatch(self.path.partition("?")[0])

    def body(self) -> dict:
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, code: int, document: dict) -> None:
        data = json.dumps(document).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def push(self, events: queue.Queue) -> None:
        """A watch, as a WebSocket whose client says nothing; it lasts as long as the process."""
        accepted = hashlib.sha1((self.headers["Sec-WebSocket-Key"] + WEBSOCKET).encode()).digest()
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(accepted).decode())
        self.end_headers()
        while True:
            self.wfile.write(frame(json.dumps(events.get()).encode()))
            self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass


def frame(data: bytes) -> bytes:
    if len(data) < 126:
        return struct.pack("!BB", 0x81, len(data)) + data
    if len(data) < 1 << 16:
        return struct.pack("!BBH", 0x81, 126, len(data)) + data
    return struct.pack("!BBQ", 0x81, 127, len(data)) + data


def not_found(path: str) -> dict:
    return {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404, "message": path}


def serve(store: Store, certificate: str, key: str) -> int:
    """Starts to serve in threads of its own; answers the port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"store": store}))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]
