"""The TuneTrail database operator's hands in an application's own image; needs Python 3.8 or newer and nothing else.

    python -c TEXT inspect CONFIG    tells which revisions the image's Alembic knows; touches no database
    python hands.py                  runs what the guard, in the container beside it, asks for

Hands and guard meet in a folder that both mount. Every file in it is renamed into place when it is complete:
    request-N.json  {"command": [], "environment": {}, "configuration": ini or null, "scripts": digest or null,
                    "urls": {driver: URL}}, N from 1; deleted once read, because it holds secrets
    result-N.json   {"exitCode", "output": its end, "scriptsChanged": true for nothing ran, "interrupted": told to end}
    report.json     {"exitCode", "report"}: how this program is to end, and what it is to say
    stop            what runs now must end
    alive           touched by the guard every second
    made.json       {"files": [{"path", "text"}]}: what a command made, which comes back framed in the log
"""
import base64
import configparser
import functools
import hashlib
import importlib.util
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse
import zlib

SHARED = pathlib.Path(os.environ.get("TUNETRAIL_SHARED", "/tunetrail"))
REPORT = pathlib.Path(os.environ.get("TUNETRAIL_REPORT", "/dev/termination-log"))
EXIT_CODES = {"DONE": 0, "INTERNAL_ERROR": 1, "ALEMBIC_NOT_CONFIGURED": 23, "PROGRAM_FAILED": 29}
POLL_SECONDS, TERM_SECONDS, SILENCE_SECONDS = 0.02, 5, 30
KEPT_OUTPUT, FRAME_LINE, LONGEST_MESSAGE = 16 * 1024, 1000, 1000
STARTED = time.time()


class NotConfigured(Exception):
    """There is no Alembic project where one is expected."""


def report(outcome, message=""):
    """Writes the report; the answer is the exit code."""
    started, finished = (time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(it)) for it in (STARTED, time.time()))
    fields = {"outcome": outcome, "applied": 0, "started": started, "finished": finished}
    REPORT.write_text(json.dumps(dict(fields, message=message[:LONGEST_MESSAGE]) if message else fields))
    return EXIT_CODES[outcome]


def inspect(config):
    try:
        print_frame("tunetrail-revisions", Project(config).graph())
        return report("DONE")
    except NotConfigured as missing:
        print(missing, flush=True)
        return report("ALEMBIC_NOT_CONFIGURED", str(missing))
    except (Exception, SystemExit) as failure:
        traceback.print_exc()
        words = (config, type(failure).__name__, failure)
        return report("PROGRAM_FAILED", "the revisions of %s can't be read: %s: %s" % words)


def print_frame(name, value):
    """A line "NAME begin BYTES SHA256" with the length and the hexadecimal digest of the value's JSON; lines of at most
    1,000 characters, base64 of what zlib made of it; a line "NAME end"."""
    text = json.dumps(value).encode()
    packed = base64.b64encode(zlib.compress(text)).decode()
    print("\n%s begin %d %s" % (name, len(text), hashlib.sha256(text).hexdigest()))
    for at in range(0, len(packed), FRAME_LINE):
        print(packed[at : at + FRAME_LINE])
    print(name + " end", flush=True)


class Project:
    """Alembic's revisions and what configures them, as the image's own Alembic sees them."""

    def __init__(self, config):
        path = os.path.abspath(config)
        if not os.path.isfile(path):
            raise NotConfigured("there is no %s" % path)
        Config, ScriptDirectory, self.util = library()
        ini, toml = (None, path) if path.endswith(".toml") else (path, os.path.abspath("pyproject.toml"))
        settings = Config(ini, toml_file=toml) if hasattr(Config, "get_alembic_option") else Config(ini)
        try:
            if getattr(settings, "get_alembic_option", settings.get_main_option)("script_location") is None:
                folder = os.path.dirname(path)  # as Flask-Migrate has it
                settings.set_main_option("script_location", folder.replace("%", "%%"))
            self.directory = ScriptDirectory.from_config(settings)
        except self.util.CommandError as failure:
            raise NotConfigured("%s: %s" % (path, failure)) from failure
        self.env = os.path.join(self.directory.dir, "env.py")
        if not os.path.isfile(self.env):
            raise NotConfigured("there is no %s, where %s has its script_location" % (self.env, path))
        self.configuration = [(os.path.basename(it), it) for it in (ini, toml) if it and os.path.isfile(it)]

    def graph(self):
        revisions = [self.revision(it) for it in reversed(list(self.directory.walk_revisions()))]
        environment = digest([("env.py", self.env)] + self.configuration)
        return {"revisions": in_order(revisions), "scripts": self.digest(), "environment": environment}

    def digest(self):
        """Of every file that is there, whether it is a revision or not."""
        locations = [self.directory.dir] + list(self.directory._version_locations)
        folders = dict.fromkeys(pathlib.Path(it).absolute() for it in locations)
        found = [(it, folder) for folder in folders for it in sorted(folder.rglob("*")) if it.is_file()]
        files = [(str(it.relative_to(folder)), it) for it, folder in found]
        kept = [it for it in files if "__pycache__" not in it[0] and not it[0].endswith(".pyc")]
        return digest(kept + self.configuration)

    def revision(self, script):
        listed = functools.partial(self.util.to_list, default=[])
        depended_on = [self.directory.get_revisions(it) for it in listed(script.dependencies)]  # they may be labels
        return {
            "id": script.revision,
            "down": listed(script.down_revision),
            "dependsOn": [it.revision for found in depended_on for it in found if it is not None],
            "labels": listed(getattr(script.module, "branch_labels", None)),
            "message": (script.doc or "").strip().partition("\n")[0][:200],
            "digest": digest([("", script.path)]),
        }


def library():
    """Alembic itself, for which a folder of the project's that is called alembic must not be taken."""
    path, sys.path = sys.path, [it for it in sys.path if it not in ("", os.getcwd())]
    try:
        from alembic import util
        from alembic.config import Config
        from alembic.script import ScriptDirectory
    except ImportError as failure:
        raise NotConfigured("%s has no Alembic: %s" % (sys.executable, failure)) from failure
    finally:
        sys.path = path
    return Config, ScriptDirectory, util


def in_order(revisions):
    """Each after those it builds or depends on."""
    ordered, before = {}, -1
    while before < len(ordered) < len(revisions):
        before = len(ordered)
        for it in revisions:
            if it["id"] not in ordered and all(other in ordered for other in it["down"] + it["dependsOn"]):
                ordered[it["id"]] = it
    if len(ordered) < len(revisions):
        raise ValueError("some of these revisions depend on each other: %s" % [it["id"] for it in revisions])
    return list(ordered.values())


def digest(files):
    """SHA-256 over the name, the length and the content of each."""
    sha256 = hashlib.sha256()
    for name, path in files:
        content = pathlib.Path(path).read_bytes()
        sha256.update(("%s\0%d\0" % (name, len(content))).encode() + content)
    return "sha256:" + sha256.hexdigest()


def put(name, value):
    """Writes a file of the shared folder."""
    partial = SHARED / (name + ".tmp")
    partial.write_text(json.dumps(value))
    partial.rename(SHARED / name)


def take(name):
    """Reads and deletes a file of the shared folder; None where there is none."""
    if not (SHARED / name).exists():
        return None
    value = json.loads((SHARED / name).read_text(encoding="utf-8"))
    (SHARED / name).unlink()
    return value


class Hands:
    """One command after the other, as the guard asks for them."""

    def __init__(self):
        self.child, self.interrupted = None, False
        signal.signal(signal.SIGTERM, lambda *_: setattr(self, "interrupted", True))

    def serve(self):
        number = 1
        while True:
            request, end = take("request-%d.json" % number), take("report.json")
            if end is not None:
                REPORT.write_text(end["report"], encoding="utf-8")
                return end["exitCode"]
            if request is not None:
                put("result-%d.json" % number, self.answer(request))
                number += 1
            self.require_guard()
            time.sleep(POLL_SECONDS)

    def answer(self, request):
        try:
            wanted = request["scripts"]
            if wanted is not None and Project(request["configuration"]).digest() != wanted:
                return {"exitCode": 1, "output": "", "scriptsChanged": True}
            return self.run(request)
        except Exception as failure:
            return {"exitCode": 127, "output": "%s: %s" % (type(failure).__name__, failure)}

    def run(self, request):
        command, environment = request["command"], dict(os.environ, PYTHONUNBUFFERED="1", **request["environment"])
        environment["PATH"] = environment.get("PATH", os.defpath) + os.pathsep + os.path.dirname(sys.executable)
        if request["configuration"] is not None:
            original = os.path.abspath(request["configuration"])
            names = [name for option, name in zip(command, command[1:]) if option in ("-n", "--name")]
            ini = os.path.join(os.path.dirname(original), "alembic.ini") if original.endswith(".toml") else original
            environment["ALEMBIC_CONFIG"] = generated_ini(ini, (names or ["alembic"])[0], request["urls"])
            command = with_configuration(command, original, environment["ALEMBIC_CONFIG"])
        output = Output(environment.get("PGPASSWORD", ""))
        self.child = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, start_new_session=True)
        reader = threading.Thread(target=output.copy, args=(self.child.stdout,), daemon=True)
        reader.start()
        self.await_child()
        reader.join(2)
        made = take("made.json")
        if made is not None:
            print_frame("tunetrail-files", made)
        end = output.tail.decode(errors="replace")
        return {"exitCode": self.child.returncode, "output": end, "interrupted": self.interrupted}

    def await_child(self):
        patience = None
        while self.child.poll() is None:
            self.require_guard()
            if patience is None and (self.interrupted or (SHARED / "stop").exists()):
                patience = time.monotonic() + TERM_SECONDS
                self.signal(signal.SIGTERM)
            elif patience is not None and time.monotonic() > patience:
                self.signal(signal.SIGKILL)
            time.sleep(POLL_SECONDS)

    def require_guard(self):
        """Without it a command would work without the lock."""
        seen = (SHARED / "alive").stat().st_mtime if (SHARED / "alive").exists() else 0
        if time.time() - max(seen, STARTED) > SILENCE_SECONDS:
            self.signal(signal.SIGKILL)
            sys.exit(report("INTERNAL_ERROR", "the guard gave no sign of life for %d s" % SILENCE_SECONDS))

    def signal(self, number):
        """To the command and all that it started."""
        if self.child is not None and self.child.poll() is None:
            os.killpg(self.child.pid, number)


class Output:
    """What a command says: copied to the log without the password, its end kept."""

    def __init__(self, password):
        self.secrets, self.tail = sorted((it.encode() for it in spellings(password)), key=len, reverse=True), b""

    def copy(self, pipe):
        for line in iter(lambda: pipe.readline(1 << 16), b""):
            for secret in self.secrets:
                line = line.replace(secret, b"***")
            self.tail = (self.tail + line)[-KEPT_OUTPUT:]
            print(line.decode(errors="replace"), end="", flush=True)


def spellings(password):
    """As URLs, ini files, SQL, JSON, Python and base64 have it."""
    quote = urllib.parse.quote
    urls = {password, quote(password, safe=""), quote(password, safe=" +"), urllib.parse.quote_plus(password)}
    texts = {json.dumps(password), json.dumps(password, ensure_ascii=False), repr(password)}
    quoted = {password.replace("'", "''"), base64.b64encode(password.encode()).decode().rstrip("=")}
    return (urls | {it.replace("%", "%%") for it in urls} | {it[1:-1] for it in texts} | quoted) - {""}


def generated_ini(path, section, urls):
    """A copy of the ini with the database's URL; ConfigParser wants its percent signs doubled."""
    ini = configparser.RawConfigParser(strict=False)
    ini.read(path)
    if not ini.has_section(section):
        ini.add_section(section)
    url = database_url(ini.get(section, "sqlalchemy.url", fallback=""), urls)
    if url is not None:
        ini.set(section, "sqlalchemy.url", url.replace("%", "%%"))
    ini.set(configparser.DEFAULTSECT, "here", os.path.dirname(path).replace("%", "%%"))
    with tempfile.NamedTemporaryFile("w", prefix="alembic-", suffix=".ini", delete=False) as copy:
        ini.write(copy)
    return copy.name


def database_url(present, urls):
    """For the driver of the ini's own URL, else for an installed one; None for a driver that we know no URL for."""
    dialect, _, driver = present.partition("://")[0].partition("+")
    if dialect == "postgresql":
        return urls.get(driver)
    installed = [it for it in ("psycopg2", "psycopg", "asyncpg") if importlib.util.find_spec(it) is not None]
    return urls[installed[0] if installed else ""]


def with_configuration(command, original, generated):
    """Names the generated ini in place of the original, by -c too: Alembic reads ALEMBIC_CONFIG only since 1.3."""
    own = [generated if os.path.realpath(it) == os.path.realpath(original) else it for it in command]
    at = next((at for at, it in enumerate(own) if os.path.basename(it) == "alembic"), None)
    if at is None or {generated, "-c", "--config"} & set(own):
        return own
    return own[: at + 1] + ["-c", generated] + own[at + 1 :]


if __name__ == "__main__":
    sys.exit(inspect(sys.argv[2]) if sys.argv[1:2] == ["inspect"] else Hands().serve())
