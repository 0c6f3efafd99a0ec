"""`python -m benchmarks`: measure every budget and print the table. `--quick` runs each part once and small.

The exit status is non-zero only when a part could not be run or met an error, never for a time: a shared machine has
bad minutes, and what is slow is for a person to judge.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import os
import platform
import sys
import traceback

import psutil

from benchmarks.table import HEADER, Row

PARTS = (
    "throughput",
    "watching",
    "latency",
    "forward",
    "slow_store",
    "scores",
    "startup",
    "visits",
    "classroom",
    "points",
    "learn",
    "inside",
    "experiments",
    "following",
    "rush",
    "soak",
)


def machine() -> str:
    """The day and the machine, in a line."""
    memory = psutil.virtual_memory().total / 2**30
    cores, python = os.cpu_count(), platform.python_version()
    return f"{datetime.date.today().isoformat()}, {cores} cores, {memory:.0f} GB of memory, Python {python}, CPU"


def measured(part: str, quick: bool) -> list[Row]:
    """One part's figures; a part that breaks leaves the others their turn."""
    try:
        rows: list[Row] = importlib.import_module(f"benchmarks.{part}").run(quick)
    except Exception as error:
        traceback.print_exc()
        return [Row(f"{part}: broke", 1, "", 0, note=f"{type(error).__name__}: {error}"[:200].replace("\n", " "))]
    return rows


def main() -> int:
    """Measure, print, and say whether all parts ran."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="each part once and small, as a smoke test")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"one or more of {', '.join(PARTS)}; all by default")
    arguments = parser.parse_args()
    unknown = set(arguments.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}")
    print(f"{machine()}\n\n{HEADER}", flush=True)
    broken = False
    for part in arguments.parts or PARTS:
        for row in measured(part, arguments.quick):
            print(row.markdown(), flush=True)
            broken = broken or (row.must_be_none and row.value > 0)
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
