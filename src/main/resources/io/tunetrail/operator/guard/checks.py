"""Lets an image's own Alembic compare its models with a database, to which it can't write.

    python checks.py COMMAND... check

It is run by the hands, beside it. So that this holds inside of whatever the command starts, a copy of this file goes
before it as Python's sitecustomize.
TUNETRAIL_UNSTAMPED  1: the database has no revision, and is compared as if it had the image's newest ones
differences.json     {"differences": [in words], "besides": [tables and indexes that only the database has]}
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

BESIDES = ("remove_table", "remove_index")
WORDS = {
    "add_table": "table {0} is missing",
    "remove_table": "table {0} is not in the models",
    "add_column": "column {0} is missing",
    "remove_column": "column {0} is not in the models",
    "modify_type": "column {0} is {1}, should be {2}",
    "modify_default": "column {0} has the default {1}, should have {2}",
}


def patch(folder):
    """In a process that may be Alembic's."""
    from alembic.autogenerate import api
    from alembic.runtime import migration
    from sqlalchemy import event, pool

    event.listen(pool.Pool, "connect", forbid_writing)
    migration.MigrationContext._ensure_version_table = lambda *_, **__: None
    compare, unstamped = api.RevisionContext.run_autogenerate, os.environ.get("TUNETRAIL_UNSTAMPED") == "1"

    def noted(self, rev, migration_context):
        compare(self, tuple(self.script_directory.get_heads()) if unstamped else rev, migration_context)
        note = sorted_out(self.generated_revisions[-1].upgrade_ops_list[-1].as_diffs())
        note["tables"] = tables(migration_context.opts["target_metadata"])
        with open(folder / "differences", "a", encoding="utf-8") as file:
            file.write(json.dumps(note) + "\n")

    api.RevisionContext.run_autogenerate = noted
    (folder / "patched").touch()


def forbid_writing(connection, _):
    """Not every driver heeds PGOPTIONS."""
    cursor = connection.cursor()
    cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    cursor.close()
    connection.commit()


def tables(metadata):
    several = metadata if isinstance(metadata, (list, tuple)) else [metadata]
    return sum(len(getattr(it, "tables", ())) for it in several)


def sorted_out(found):
    """Alembic's differences in words; several of one column come in a list of their own."""
    flat = [it for one in found for it in (one if isinstance(one, list) else [one])]
    missing = {str(it[1]) for it in flat if it[0] == "add_table"}
    differing = [it for it in flat if it[0] not in BESIDES and str(getattr(it[1], "table", "")) not in missing]
    besides = [words(*it) for it in flat if it[0] in BESIDES]
    return {"differences": [words(*it) for it in differing], "besides": besides}


def words(kind, *rest):
    if kind.startswith("modify_") and len(rest) == 6:
        schema, table, column, _, before, after = rest
        name = ".".join(filter(None, (schema, table, column)))
        if kind == "modify_nullable":
            states = ("not null", "allowed to be null")
            return "column %s is %s, should be %s" % (name, states[bool(before)], states[bool(after)])
        return WORDS.get(kind, kind + " {0}").format(name, text(before), text(after))
    if kind.endswith("_column") and len(rest) == 3:
        schema, table, column = rest
        return WORDS.get(kind, kind + " {0}").format(".".join(filter(None, (schema, table, column.name))))
    if kind in WORDS:
        return WORDS[kind].format(rest[0])
    state = "missing" if kind.startswith("add_") else "not in the models"
    return "%s is %s" % (named(rest[0]), state)


def text(default):
    return "none" if default is None else str(getattr(default, "arg", default))


def named(it):
    """An index, a key or a comment, as PostgreSQL's people call it."""
    kind = getattr(it, "__visit_name__", type(it).__name__).replace("_", " ").replace("column ", "")
    table = getattr(it, "table", None)
    name = getattr(it, "name", None) or "(%s)" % ", ".join(column.name for column in getattr(it, "columns", ()))
    return "%s %s" % (kind, name) if table is None else "%s %s on %s" % (kind, name, table)


def check(command):
    """Where models and database differ, once it is known that the command heeds the copy of this file."""
    import hands
    folder = pathlib.Path(tempfile.mkdtemp(prefix="check-"))
    shutil.copy(__file__, str(folder / "sitecustomize.py"))
    path = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))
    environment = dict(os.environ, PYTHONPATH=path, TUNETRAIL_CHECK=str(folder))
    exit_code = subprocess.call(command[:-1] + ["heads"], env=environment)
    if exit_code == 0 and not (folder / "patched").exists():
        return failed("%s runs no Alembic in a Python that heeds PYTHONPATH" % command[0])
    exit_code = exit_code or subprocess.call(command, env=environment)
    notes = folder / "differences"
    found = [json.loads(it) for it in notes.read_text(encoding="utf-8").splitlines()] if notes.exists() else []
    if found and not any(it["tables"] for it in found):
        return failed("target_metadata in env.py has no tables; import all models there")
    answer = {key: [word for it in found for word in it[key]] for key in ("differences", "besides")}
    if not found or exit_code != 0 and not any(answer.values()):
        return exit_code or failed("%s compared nothing" % " ".join(command))
    hands.put("differences.json", answer)
    return 0


def failed(why):
    print("FAILED: " + why, flush=True)
    return 1


def go_on():
    """To the sitecustomize that the image itself has."""
    here = os.path.dirname(os.path.abspath(__file__))
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", [it for it in sys.path if it != here])
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


if __name__ == "__main__":
    sys.exit(check(sys.argv[1:]))
elif __name__ == "sitecustomize" and "TUNETRAIL_CHECK" in os.environ:
    try:
        patch(pathlib.Path(os.environ["TUNETRAIL_CHECK"]))
    except Exception as failure:  # then nothing says that it is patched, and the command does not run
        print("TuneTrail can't look into this Python's Alembic: %s" % failure, file=sys.stderr)
    go_on()
