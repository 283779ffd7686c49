"""Measures the figures whose numbers are the arguments and prints their table."""

import os
import sys

import figure_1_start
import figure_2_migration
import figure_3_runner
import figure_4_outage
import figure_5_idle
import figure_6_alembic
import figure_7_at_once
import figure_8_fleet
import figure_9_foreign
import figure_10_hung
import figure_11_takeover
import figure_12_backup
import figure_13_restore
from kubernetes import Api
from table import render

RUNS = int(os.environ["BENCH_RUNS"])
OUTAGE = float(os.environ["BENCH_OUTAGE"])
IDLE = float(os.environ["BENCH_IDLE"])
AT_ONCE = int(os.environ["BENCH_AT_ONCE"])
SCALES = [int(number) for number in os.environ["BENCH_SCALES"].split()]
FLEETS = [int(number) for number in os.environ["BENCH_FLEETS"].split()]

FIGURES = {
    "1": lambda api: figure_1_start.measure(api, RUNS),
    "2": lambda api: figure_2_migration.measure(api, RUNS),
    "3": lambda api: figure_3_runner.measure(api, RUNS),
    "4": lambda api: figure_4_outage.measure(api, RUNS, OUTAGE),
    "5": lambda api: figure_5_idle.measure(api, IDLE),
    "6": lambda api: figure_6_alembic.measure(api, RUNS),
    "7": lambda api: figure_7_at_once.measure(api, AT_ONCE),
    "8": lambda api: [row for number in FLEETS for row in figure_8_fleet.measure(api, number, IDLE)],
    "9": figure_9_foreign.measure,
    "10": figure_10_hung.measure,
    "11": lambda api: figure_11_takeover.measure(api, RUNS),
    "12": lambda api: [row for scale in SCALES for row in figure_12_backup.measure(api, RUNS, scale)],
    "13": lambda api: [row for scale in SCALES for row in figure_13_restore.measure(api, RUNS, scale)],
}


def main() -> None:
    rows, failures = [], 0
    with Api() as api:
        for number in sys.argv[1:]:
            print(f"measuring figure {number}", file=sys.stderr, flush=True)
            try:
                measured = FIGURES[number](api)
                print(render(measured), file=sys.stderr, flush=True)  # a later figure may take too long
                rows += measured
            except (OSError, RuntimeError) as error:  # the other figures are worth having
                failures += 1
                print(f"error: figure {number} can't be measured: {error}", file=sys.stderr, flush=True)
    print()
    print(render(rows))
    sys.exit(1 if failures else 0)


main()
