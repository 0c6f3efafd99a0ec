"""How long a page waits for the engine while the database needs two seconds for each write."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from benchmarks.latency import seconds_until
from benchmarks.table import Row
from benchmarks.throughput import engine_of_its_own, simple_cnn

WRITE_SECONDS = 2.0


class _Slowness:
    """What each write of the database waits for."""

    def __init__(self) -> None:
        self.seconds = WRITE_SECONDS

    def __call__(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            time.sleep(self.seconds)


def run(quick: bool = False) -> list[Row]:
    """Call all that pages call while a run is trained and nothing of it can be written quickly."""
    with engine_of_its_own() as engine:
        run_id = engine.submit(simple_cnn(7_200, 50), "first")
        seconds_until(lambda: engine.snapshot(run_id).batch_curve.loss)
        slowness = _Slowness()
        sa.event.listen(engine._book.store.database, "before_cursor_execute", slowness)
        again: dict[str, Callable[[], Any]] = {
            "submit": lambda: engine.submit(simple_cnn(7_200, 50), "second"),
            "snapshot": lambda: engine.snapshot(run_id),
            "runs": lambda: engine.runs("first"),
            "state": engine.state,
            "add_epoch": lambda: engine.add_epoch(run_id),
            "set_learning_rate": lambda: engine.set_learning_rate(run_id, 0.002),
            "weights": lambda: engine.weights(run_id),
            "epochs_kept": lambda: engine.epochs_kept(run_id),
        }
        once = {"pause": lambda: engine.pause(run_id), "stop": lambda: engine.stop(run_id)}
        calls = [*again.items()] * (1 if quick else 5) + [*once.items()]
        longest: dict[str, float] = {}
        for name, call in calls:
            longest[name] = max(longest.get(name, 0.0), _milliseconds(call))
        slowness.seconds = 0.0
    slowest = max(longest, key=lambda each: longest[each])
    note = f"{slowest}; the longest of {len(longest)} calls, each write takes {WRITE_SECONDS:g} s"
    return [Row("a page waits for the engine, slow database", longest[slowest], "ms", 50, note=note)]


def _milliseconds(call: Callable[[], Any]) -> float:
    began_at = time.perf_counter()
    call()
    return 1e3 * (time.perf_counter() - began_at)
