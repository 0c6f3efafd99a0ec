"""What the runner of experiments asks of the engine: runs in line, runs to be given up, and answers of workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lib.engine.errors import EngineError
from lib.engine.experiments.book import Kept
from lib.engine.experiments.plan import Plan, Prunes, SoFar
from lib.engine.new_runs import NewRuns
from lib.engine.runs.snapshot import RunSnapshot


@dataclass(frozen=True, slots=True)
class RunsInLine:
    """What the runner needs of the engine.

    Attributes:
        new_runs: takes the members in.
        snapshot: of a run, as people see it.
        stop: ends a run after its batch, or takes it out of the line.
        go_on: sends a run that was cut on from its last checkpoint.
        slots: trainings at a time.
        prune: ends a run after its batch, because others are better.
        ask: has a worker answer in the asker's turn: asker, place of the question, function and its arguments.
    """

    new_runs: NewRuns
    snapshot: Callable[[str], RunSnapshot]
    stop: Callable[[str], None]
    go_on: Callable[[str], None]
    slots: Callable[[], int]
    prune: Callable[[str], None]
    ask: Callable[..., Future[Any]]


class Questions:
    """Questions of plans to workers, each asked once and never waited for.

    Args:
        ask: see `RunsInLine.ask`.
    """

    def __init__(self, ask: Callable[..., Future[Any]]) -> None:
        self._ask = ask
        self._asked: dict[tuple[str, int], Future[Any]] = {}

    def ask(self, kept: Kept, place: int, *question: Any) -> Any:
        """The answer to a question about a place of an experiment; None until it is there.

        Raises:
            EngineError: no worker can answer it.
        """
        key = (kept.id, place)
        if key not in self._asked:
            self._asked[key] = self._ask(kept.owner, f"experiment {kept.id}", *question)
        return self._asked.pop(key).result() if self._asked[key].done() else None

    def forget(self, kept: Kept) -> None:
        """Drop the questions of an experiment that is over."""
        self._asked = {key: answer for key, answer in self._asked.items() if key[0] != kept.id}


class Judge:
    """Has runs given up that are not worth their time, as far as their plan says so.

    Args:
        prune: see `RunsInLine.prune`.
    """

    def __init__(self, prune: Callable[[str], None]) -> None:
        self._prune = prune
        self._judged: dict[str, int] = {}  # the epoch after which a run was judged last

    def look(self, plan: Plan, runs: Mapping[int, RunSnapshot]) -> None:
        """Judge each run under way once after an epoch; after its last one there is nothing to save any more."""
        if not isinstance(plan, Prunes):
            return
        for place, run in runs.items():
            last = run.epochs_trained
            if run.status != "running" or run.pruned or last >= run.epochs or self._judged.get(run.id, 0) >= last:
                continue
            self._judged[run.id] = last
            if plan.hopeless(place, SoFar(runs)):
                with suppress(EngineError):  # it has ended meanwhile
                    self._prune(run.id)

    def forget(self, run_ids: Iterable[str]) -> None:
        """Drop what is known of these runs."""
        for run_id in run_ids:
            self._judged.pop(run_id, None)
