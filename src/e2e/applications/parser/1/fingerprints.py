"""Whether the DDL of plans is the DDL that PostgreSQL logged as executed, by the fingerprints of PostgreSQL's own parser.

    python fingerprints.py FOLDER     with NAME.json, the plan for database NAME, and server.log
"""
import json
import pathlib
import re
import sys

from pglast import parser

OWN = re.compile(r"\btunetrail|flyway_schema_history|alembic_version")
NO_DDL = {"SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "TransactionStmt", "VariableSetStmt",
          "VariableShowStmt", "DoStmt", "CopyStmt", "CallStmt", "ExplainStmt", "LockStmt"}


def ddl(sql):
    """The fingerprint and the text of each statement that log_statement = ddl would log."""
    for statement in parser.split(sql):
        kind = next(iter(json.loads(parser.parse_sql_json(statement))["stmts"][0]["stmt"]))
        if kind not in NO_DDL:
            yield parser.fingerprint(statement), " ".join(statement.split())


def planned(plan):
    return [it for statement in json.loads(plan.read_text())["statements"] for it in ddl(statement["sql"])]


def executed(log, database):
    """Without what the engine and the operator note for themselves."""
    entries = re.split(r"(?m)^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)", log.read_text())
    begin = re.compile(r"\S+ \S+ \S+ \[\d+\] \S+@%s LOG:  (?:statement|execute [^:]*): " % re.escape(database))
    logged = [entry[found.end():].replace("\n\t", "\n") for entry in entries for found in [begin.match(entry)] if found]
    return [it for sql in logged if not OWN.search(sql) for it in ddl(sql)]


def main(folder):
    plans = sorted(pathlib.Path(folder).glob("*.json"))
    for plan in plans:
        wanted, found = planned(plan), executed(pathlib.Path(folder) / "server.log", plan.stem)
        for what, statements in (("planned", wanted), ("executed", found)):
            for fingerprint, text in statements:
                print(plan.stem, what, fingerprint, text)
        if not wanted or [it for it, _ in wanted] != [it for it, _ in found]:
            sys.exit("%s: the DDL that was executed is not the DDL that was planned" % plan.stem)
        print("%s: %d statements are the same" % (plan.stem, len(wanted)))
    if not plans:
        sys.exit("there is no plan in %s" % folder)


if __name__ == "__main__":
    main(sys.argv[1])
