"""How long the score table of a thousand stored runs takes, from the store to what the browser gets."""

from __future__ import annotations

import dataclasses
import json
import tempfile
import time
from contextlib import closing
from pathlib import Path

from benchmarks.table import Row, median
from lib import events
from lib.engine.runs.book import RunBook, title_of
from lib.engine.runs.reached import Reached
from lib.engine.runs.reading import parameters_of, spec_of
from lib.engine.runs.scores import Score, scores
from lib.engine.runs.store import Store, StoredRun
from lib.engine.runs.tables import events as told_events
from lib.engine.runs.tables import runs
from lib.specs.codec import to_json
from lib.specs.recipes import RECIPES
from lib.ui.experiments.columns import columns_of, for_browser

RUNS = 1_000
OWNER = "a" * 32
EPOCHS = 10


def run(quick: bool = False) -> list[Row]:
    """Open the table in a program that has just been started, and once more."""
    number = 100 if quick else RUNS
    with tempfile.TemporaryDirectory(prefix="layerlab-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'runs.sqlite3'}"
        with closing(Store(url)) as store:
            fill(store, number)
        firsts, again = zip(*(_opened(url, number) for _ in range(1 if quick else 5)), strict=True)
    note = f"the second time {1e3 * median(again):.0f} ms; each run has its own description and {EPOCHS} epochs"
    return [Row(f"the score table of {number:,} runs", median(firsts), "s", 0.5, note=note)]


def fill(store: Store, number: int) -> None:
    """Store runs of one person, no two of them equal."""
    recipes = [recipe.run for recipe in RECIPES.values()]
    told = [events.to_plain(events.Epoch(n, 1 / n, 0.9, 2.0, 0.001, 1 / n, 0.9)) for n in range(1, EPOCHS + 1)]
    rows, lines = [], []
    for place in range(number):
        spec = recipes[place % len(recipes)]
        spec = dataclasses.replace(spec, training=dataclasses.replace(spec.training, seed=place))
        run_id = f"{place:016x}"
        reached = dataclasses.asdict(Reached(20.0, 0.1, 0.9, 0.1, 0.9))
        row = StoredRun(
            run_id, OWNER, title_of(spec), spec.data.dataset, to_json(spec), "done", EPOCHS, float(place), **reached
        )
        rows.append(row)
        lines += [{"run_id": run_id, "event": json.dumps({"time": 1.0, **each})} for each in told]
    with store.database.begin() as connection:
        connection.execute(runs.insert(), [dataclasses.asdict(row) for row in rows])
        connection.execute(told_events.insert(), lines)


def _opened(url: str, number: int) -> tuple[float, float]:
    """Seconds of the first table and of the next one."""
    spec_of.cache_clear()
    parameters_of.cache_clear()
    with closing(RunBook(Store(url))) as book:
        return _seconds(book, number), _seconds(book, number)


def _seconds(book: RunBook, number: int) -> float:
    began_at = time.perf_counter()
    rows: tuple[Score, ...] = scores(book, OWNER)
    json.dumps(for_browser(rows, columns_of(rows)))
    assert len(rows) == number
    return time.perf_counter() - began_at
