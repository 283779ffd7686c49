"""A token service as AWS's: a pod that shows its own token, which the cluster's API server knows, gets the S3 server's key.

ACCOUNT and ROLE are whose token it must be and for what role; KEY and SECRET are what is given.
"""

import datetime
import http.server
import json
import os
import pathlib
import ssl
import urllib.parse
import urllib.request
from xml.sax.saxutils import escape

AUDIENCE = "sts.amazonaws.com"
OWN = pathlib.Path("/var/run/secrets/kubernetes.io/serviceaccount")
REVIEWS = "https://kubernetes.default.svc/apis/authentication.k8s.io/v1/tokenreviews"
HOUR = datetime.timedelta(hours=1)


def account(token: str) -> str:
    """Whose token for this audience it is; empty where the API server does not know it."""
    review = {
        "apiVersion": "authentication.k8s.io/v1",
        "kind": "TokenReview",
        "spec": {"token": token, "audiences": [AUDIENCE]},
    }
    headers = {"Authorization": "Bearer " + (OWN / "token").read_text(), "Content-Type": "application/json"}
    request = urllib.request.Request(REVIEWS, json.dumps(review).encode(), headers)
    with urllib.request.urlopen(request, timeout=10, context=api_server()) as answer:
        status = json.load(answer)["status"]
    return status["user"]["username"] if status.get("authenticated") else ""


def api_server() -> ssl.SSLContext:
    """A cluster's authority need not say what its key is for, which Python asks for from 3.13 on."""
    context = ssl.create_default_context(cafile=OWN / "ca.crt")
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def credentials() -> str:
    """The key, without a session's token: versitygw takes none."""
    expiration = (datetime.datetime.now(datetime.UTC) + HOUR).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"""<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
      <AssumeRoleWithWebIdentityResult><Credentials>
        <AccessKeyId>{os.environ["KEY"]}</AccessKeyId><SecretAccessKey>{os.environ["SECRET"]}</SecretAccessKey>
        <SessionToken/><Expiration>{expiration}</Expiration>
      </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"""


def refusal(message: str) -> str:
    return f"""<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
      <Error><Type>Sender</Type><Code>AccessDenied</Code><Message>{escape(message)}</Message></Error></ErrorResponse>"""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = dict(urllib.parse.parse_qsl(body))
        who = account(asked.get("WebIdentityToken", ""))
        given = (
            asked.get("Action") == "AssumeRoleWithWebIdentity"
            and who == os.environ["ACCOUNT"]
            and asked.get("RoleArn") == os.environ["ROLE"]
        )
        print("given to" if given else "refused to", who or "a stranger", flush=True)
        self.answer(200, credentials()) if given else self.answer(403, refusal(f"{who} may not have {asked.get('RoleArn')}"))

    def answer(self, code: int, text: str) -> None:
        self.send_response(code)
        self.send_header("Content-Type", "text/xml")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Says nothing of its own."""


http.server.ThreadingHTTPServer(("", 8080), Handler).serve_forever()
