"""A PostgreSQL with TLS for as long as a training takes."""

import contextlib
import pathlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator

PASSWORD = "training"
PORT = 5432
TIMEOUT = 60


@contextlib.contextmanager
def running(root: pathlib.Path, certificate: pathlib.Path, key: pathlib.Path, databases: list[str]) -> Iterator[int]:
    """The server whose packages a root holds, with these databases, each owned by a role of its name. Gives the port."""
    with tempfile.TemporaryDirectory(dir=root / "tmp") as here:
        server = Server(root, pathlib.Path(here))
        server.make([certificate, key])
        server.run("pg_ctl", "start", "--wait", "--silent", "--log=" + server.inside("log"))
        try:
            for name in databases:
                server.psql(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}'")
                server.psql(f"CREATE DATABASE {name} OWNER {name}")
            yield PORT
        finally:
            server.run("pg_ctl", "stop", "--wait", "--silent", "--mode=fast")


class Server:
    """Works as the packages' own user, in their root; `folder` is this program's name for the server's own."""

    def __init__(self, root: pathlib.Path, folder: pathlib.Path) -> None:
        self.root, self.folder = root, folder
        [initdb] = root.glob("usr/lib/postgresql/*/bin/initdb")  # beside it there may be clients of other majors
        self.programs = "/" + str(initdb.parent.relative_to(root))

    def inside(self, name: str) -> str:
        return "/" + str((self.folder / name).relative_to(self.root))

    def make(self, files: list[pathlib.Path]) -> None:
        for file in files:
            shutil.copy(file, self.folder)
        (self.folder / "password").write_text(PASSWORD)
        self.call("chown", "-R", "postgres:", self.inside(""), user="root")
        self.run("initdb", "--auth=scram-sha-256", "--username=postgres", "--pwfile=" + self.inside("password"))
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": PORT,
            "unix_socket_directories": self.inside(""),
            "ssl": "on",
            "ssl_cert_file": self.inside(files[0].name),
            "ssl_key_file": self.inside(files[1].name),
            "fsync": "off",
        }
        lines = [f"{name} = '{value}'\n" for name, value in settings.items()]
        (self.folder / "data" / "postgresql.auto.conf").write_text("".join(lines))

    def run(self, program: str, *arguments: str) -> None:
        self.call(self.programs + "/" + program, *arguments, "--pgdata=" + self.inside("data"))

    def psql(self, sql: str) -> None:
        client = [self.programs + "/psql", "--quiet", "--no-psqlrc", "--host=127.0.0.1", "--username=postgres"]
        self.call("env", "PGPASSWORD=" + PASSWORD, *client, "--command=" + sql)

    def call(self, *command: str, user: str = "postgres") -> None:
        in_root = ["chroot", "--userspec=" + user, str(self.root), *command]
        subprocess.run(in_root, check=True, timeout=TIMEOUT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
