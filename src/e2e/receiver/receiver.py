"""Takes the operator's notifications as any receiver of Standard Webhooks would: over TLS, and only what is signed.

Each request is a line of the log: {"verified": …, "attempt": …, "event": …}. What wants an approval is taken at the second
attempt only, what is about a resource whose name ends with "-unwanted" never. On another port it takes traces, each batch a line {"spans": […]} with the words that are in it.
"""

import base64
import collections
import gzip
import hashlib
import hmac
import http.server
import json
import pathlib
import re
import ssl
import threading
import time

FOLDER = pathlib.Path("/etc/receiver")
TOLERANCE = 300
TAKEN_LATER = "io.tunetrail.approval.wanted"
attempts: collections.Counter = collections.Counter()
log = threading.Lock()


def tell(line: dict) -> None:
    """One line each, also of two requests at once."""
    with log:
        print(json.dumps(line), flush=True)


def is_signed(headers, body: bytes) -> bool:
    """By any of the keys, and not long ago."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = [
        "v1," + base64.b64encode(hmac.digest(base64.b64decode(key.removeprefix("whsec_")), signed, hashlib.sha256)).decode()
        for key in (FOLDER / "key").read_text().split()
    ]
    given = headers["webhook-signature"].split()
    fresh = abs(time.time() - int(headers["webhook-timestamp"])) < TOLERANCE
    return fresh and any(hmac.compare_digest(a, b) for a in wanted for b in given)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        verified = self.headers["Content-Type"].startswith("application/cloudevents+json") and is_signed(self.headers, body)
        event = json.loads(body)
        attempts[event["id"]] += 1
        attempt = attempts[event["id"]]
        tell({"verified": verified, "attempt": attempt, "event": event})
        self.answer(401 if not verified else self.code(event, attempt))

    @staticmethod
    def code(event: dict, attempt: int) -> int:
        if event["subject"].endswith("-unwanted"):
            return 410
        return 503 if event["type"] == TAKEN_LATER and attempt == 1 else 204

    def answer(self, code: int) -> None:
        self.send_response(code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Collector(Handler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        words = [it.decode() for it in re.findall(rb"[A-Za-z0-9._-]{3,}", body)]
        tell({"spans": words})
        self.answer(200)


collector = http.server.ThreadingHTTPServer(("", 4318), Collector)
threading.Thread(target=collector.serve_forever, daemon=True).start()
server = http.server.ThreadingHTTPServer(("", 8443), Handler)
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(FOLDER / "tls.crt", FOLDER / "tls.key")
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
server.serve_forever()
