"""Lets Alembic write a revision in an image whose files can't be written to, and hands it back.

    python drafts.py COMMAND...      which makes a revision, as `alembic revision --autogenerate` does

It is run by the hands, beside it, which leave a copy of the project's ini with the database's URL in ALEMBIC_CONFIG.
TUNETRAIL_CONFIG   the project's own ini
TUNETRAIL_METADATA module:name of the models' MetaData; the revision is then the first, of a project that is made where
                   there is none, and it runs, too
drafted.json       is there once a revision is written, whether it runs or not
"""
import ast
import configparser
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import hands


class Refused(Exception):
    """What is asked for can't be done."""


class Draft:
    """Copies of the folders that revisions are in, or a new project. All else stays where it is, for an env.py may
    look around itself."""

    def __init__(self, command):
        self.folder, self.homes, self.before = pathlib.Path(tempfile.mkdtemp(prefix="draft-")), {}, set()
        self.given, self.original = os.environ["ALEMBIC_CONFIG"], os.path.abspath(os.environ["TUNETRAIL_CONFIG"])
        self.command, self.options, metadata = command, [], os.environ.get("TUNETRAIL_METADATA")
        self.is_first = metadata is not None
        if metadata is not None and not os.path.isfile(self.original):
            self.begin(metadata)
            return
        project = hands.Project(self.original)
        if metadata is not None and list(project.directory.walk_revisions()):
            raise Refused("%s has revisions already; generate makes the next one" % self.original)
        if self.given in command:
            self.configure(self.given, self.copied(project.directory._version_locations))
        else:  # as Flask-Migrate has it
            self.options = ["--directory", self.copy(project.directory.dir)]
        self.before = set(self.files())

    def configure(self, base, options):
        """Makes the given ini one like the base, with other options."""
        ini = configparser.RawConfigParser(strict=False)
        ini.read(base)
        names = [name for option, name in zip(self.command, self.command[1:]) if option in ("-n", "--name")]
        for name, value in options.items():
            ini.set(configparser.DEFAULTSECT if name == "here" else (names or ["alembic"])[0], name, value)
        with open(self.given, "w", encoding="utf-8") as given:
            ini.write(given)

    def copied(self, locations):
        options = {"version_locations": os.pathsep.join(map(self.copy, locations))}
        several = dict(options, path_separator="os", version_path_separator="os")
        return several if len(self.homes) > 1 else options

    def copy(self, folder):
        copy, home = self.folder / str(len(self.homes)), os.path.relpath(folder)
        copy.mkdir()
        if os.path.isdir(folder):
            shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        for it, _, _ in os.walk(copy):
            os.chmod(it, 0o755)
        self.homes[copy] = os.path.basename(os.path.abspath(folder)) if home.startswith("..") else home
        return str(copy)

    def begin(self, metadata):
        """A project by Alembic's own template: beside its ini if that has a folder, else in a folder migrations."""
        config, _, _ = hands.library()
        from alembic import command
        home, name = os.path.split(os.path.relpath(self.original))
        home = "" if home.startswith("..") else home
        ini = self.folder / home / name
        scripts = ini.parent if home else ini.parent / "migrations"
        url = self.url()
        dialect = url.partition("://")[0]
        template = "async" if dialect.endswith("+asyncpg") else "generic"
        command.init(config(str(ini)), str(scripts), template)
        substitute(ini, "script_location", "script_location = %(here)s" + ("" if home else "/migrations"))
        substitute(ini, "sqlalchemy.url", "sqlalchemy.url = %s://" % dialect)
        module, _, attribute = metadata.partition(":")
        imports = "from %s import %s" % (module, attribute.partition(".")[0])
        substitute(scripts / "env.py", "target_metadata", "%s\n\ntarget_metadata = %s" % (imports, attribute))
        self.homes[self.folder] = ""
        self.configure(ini, {"sqlalchemy.url": url, "here": str(ini.parent)})

    def url(self):
        ini = configparser.RawConfigParser(strict=False)
        ini.read(self.given)
        return ini.get("alembic", "sqlalchemy.url")

    def files(self):
        return [it for it in sorted(self.folder.rglob("*")) if it.is_file() and "__pycache__" not in it.parts]

    def run(self):
        exit_code = subprocess.call(self.command + self.options)
        if exit_code != 0:
            return exit_code
        made = self.made()
        hands.put("made.json", made)
        hands.put("drafted.json", True)
        return self.upgrade() if self.is_first and made["files"] else 0

    def upgrade(self):
        revision = len(self.command) - 1 - self.command[::-1].index("revision")
        return subprocess.call(self.command[:revision] + ["upgrade", "head"] + self.options)

    def made(self):
        """The files that are new; none where the revision would change nothing."""
        made = {it: it.read_text(encoding="utf-8") for it in self.files() if it not in self.before}
        changes = any(changes_anything(text) for it, text in made.items() if it.suffix == ".py")
        return {"files": [{"path": self.home(it), "text": made[it]} for it in made] if changes else []}

    def home(self, path):
        copy = next(it for it in self.homes if it in path.parents)
        return os.path.join(self.homes[copy], str(path.relative_to(copy)))


def changes_anything(text):
    """Whether it is a revision whose upgrade has a statement."""
    functions = [it for it in ast.parse(text).body if isinstance(it, ast.FunctionDef) and it.name == "upgrade"]
    return any(not is_idle(it) for function in functions for it in function.body)


def is_idle(statement):
    comment = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return comment or isinstance(statement, ast.Pass)


def substitute(path, option, line):
    """Puts another line in the place of the one that sets the option."""
    text = path.read_text(encoding="utf-8")
    text, found = re.subn(r"(?m)^%s *=.*$" % re.escape(option), lambda _: line, text, count=1)
    if not found:
        raise Refused("Alembic's template of %s sets no %s" % (path.name, option))
    path.write_text(text, encoding="utf-8")


def main():
    try:
        return Draft(sys.argv[1:]).run()
    except (Refused, hands.NotConfigured) as refusal:
        print("FAILED: %s" % refusal, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())
