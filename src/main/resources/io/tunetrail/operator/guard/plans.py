"""Lets an image's own Alembic tell the SQL of its revisions, statement by statement.

    python plans.py offline COMMAND... upgrade --sql FROM:TO    as Alembic prints it; a database is only read, where any is
    python plans.py executed COMMAND... upgrade TO              as it was executed, on a scratch database

It is run by the hands, beside it. So that this holds inside of whatever the command starts, a copy of this file goes
before it as Python's sitecustomize. What Alembic notes in its own version table is no revision's and is left out.
TUNETRAIL_FROM  the revisions that the database has, joined by commas; for offline
plan.json       {"heads": what it would have then, "revisions": [in the order they ran],
                 "statements": [{"script", "version", "sql", "transactional"}]}
"""
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile


class Recorder:
    """In a process that may be Alembic's: notes what revisions do."""

    def __init__(self, folder, mode):
        self.folder, self.revision, self.transactional = folder, None, False
        from alembic.runtime import migration

        self.wrap_revisions(migration)
        if mode == "offline":
            from alembic.ddl import impl

            self.start_from(migration, [it for it in os.environ.get("TUNETRAIL_FROM", "").split(",") if it])
            self.listen_to_output(impl)
        else:
            self.listen_to_engines()
        (folder / "patched").touch()

    def note(self, file, value):
        with open(self.folder / file, "a", encoding="utf-8") as notes:
            notes.write(json.dumps(value) + "\n")

    def statement(self, sql, transactional):
        text = sql.strip()
        while text.endswith(";"):
            text = text[:-1].rstrip()
        if self.revision is not None and text:
            script, version = os.path.basename(self.revision.path), self.revision.revision
            self.note("statements", {"script": script, "version": version, "sql": text, "transactional": transactional})

    def wrap_revisions(self, migration):
        init, recorder = migration.RevisionStep.__init__, self

        def noted(step, *args, **options):
            init(step, *args, **options)
            run = step.migration_fn

            def recorded(*its_args, **its_options):
                recorder.revision = step.revision
                recorder.note("revisions", step.revision.revision)
                try:
                    return run(*its_args, **its_options)
                finally:
                    recorder.revision = None

            step.migration_fn = recorded

        migration.RevisionStep.__init__ = noted

    def start_from(self, migration, heads):
        """Alembic's own option for it knows one revision."""
        read, update, recorder = (migration.MigrationContext.get_current_heads,
                                  migration.HeadMaintainer.update_to_step, self)
        migration.MigrationContext.get_current_heads = lambda it: tuple(heads) if it.as_sql else read(it)

        def noted(maintainer, step):
            update(maintainer, step)
            recorder.note("heads", sorted(maintainer.heads))

        migration.HeadMaintainer.update_to_step = noted

    def listen_to_output(self, impl):
        write, recorder = impl.DefaultImpl.static_output, self
        listen_to_connections()

        def noted(its_impl, text):
            word = text.strip().rstrip(";").upper()
            if word in ("BEGIN", "COMMIT"):
                recorder.transactional = word == "BEGIN"
            elif not text.startswith("-- Running "):
                doubled = getattr(its_impl.dialect.identifier_preparer, "_double_percents", False)
                recorder.statement(text.replace("%%", "%") if doubled else text, recorder.transactional)
            write(its_impl, text)

        impl.DefaultImpl.static_output = noted

    def listen_to_engines(self):
        from sqlalchemy import event
        from sqlalchemy.engine import Engine

        event.listen(Engine, "before_cursor_execute", self.executed)

    def executed(self, connection, cursor, statement, parameters, _context, executemany):
        if statement.lstrip()[:6].upper() == "SELECT" and "pg_catalog" in statement:
            return  # what SQLAlchemy asks about tables
        usual = getattr(connection.dialect, "_on_connect_isolation_level", None)
        level = connection.get_execution_options().get("isolation_level", usual)
        for each in parameters if executemany else [parameters]:
            self.statement(sent(cursor, statement, each), level != "AUTOCOMMIT")


def sent(cursor, statement, parameters):
    """As the driver sends it, or would without parameters of the protocol's own."""
    if hasattr(cursor, "mogrify"):
        text = cursor.mogrify(statement, parameters)
    elif type(cursor).__module__.partition(".")[0] == "psycopg":
        from psycopg import ClientCursor

        text = ClientCursor(cursor.connection).mogrify(statement, parameters)
    else:
        text = statement
    return text.decode() if isinstance(text, bytes) else str(text)


def listen_to_connections():
    """An env.py that connects all the same reads, and no more; not every driver heeds PGOPTIONS."""
    from sqlalchemy import event, pool

    def forbid_writing(connection, _):
        cursor = connection.cursor()
        cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
        cursor.close()
        connection.commit()

    event.listen(pool.Pool, "connect", forbid_writing)


def plan(mode, command):
    import hands
    folder = pathlib.Path(tempfile.mkdtemp(prefix="plan-"))
    shutil.copy(__file__, str(folder / "sitecustomize.py"))
    path = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))
    environment = dict(os.environ, PYTHONPATH=path, TUNETRAIL_PLAN=str(folder), TUNETRAIL_PLAN_MODE=mode)
    exit_code = subprocess.call(command, env=environment)
    if exit_code != 0:
        return exit_code
    if not (folder / "patched").exists():
        print("FAILED: %s runs no Alembic in a Python that heeds PYTHONPATH" % command[0], flush=True)
        return 1
    heads = lines(folder / "heads")
    told = {"heads": heads[-1] if heads else []}
    hands.put("plan.json", dict(told, revisions=lines(folder / "revisions"), statements=lines(folder / "statements")))
    return 0


def lines(notes):
    return [json.loads(it) for it in notes.read_text(encoding="utf-8").splitlines()] if notes.exists() else []


def go_on():
    """To the sitecustomize that the image itself has."""
    here = os.path.dirname(os.path.abspath(__file__))
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", [it for it in sys.path if it != here])
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


if __name__ == "__main__":
    sys.exit(plan(sys.argv[1], sys.argv[2:]))
elif __name__ == "sitecustomize" and "TUNETRAIL_PLAN" in os.environ:
    try:
        Recorder(pathlib.Path(os.environ["TUNETRAIL_PLAN"]), os.environ["TUNETRAIL_PLAN_MODE"])
    except Exception as failure:  # then nothing says that it is patched
        print("TuneTrail can't look into this Python's Alembic: %s" % failure, file=sys.stderr)
    go_on()
