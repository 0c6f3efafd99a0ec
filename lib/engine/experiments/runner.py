"""Sends the runs of experiments on their way, a little ahead of the line, and knows when an experiment is over."""

from __future__ import annotations

import logging
import re
import secrets
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from functools import partial

from lib.engine.errors import EngineError, UnknownRun
from lib.engine.experiments.book import ExperimentBook, Kept
from lib.engine.experiments.in_line import Judge, Questions, RunsInLine
from lib.engine.experiments.plan import Enough, Plan, SoFar
from lib.engine.experiments.snapshot import UNFINISHED, ExperimentRow, ExperimentSnapshot, Member, Status
from lib.engine.new_runs import LineFullError
from lib.engine.runs.snapshot import RunSnapshot
from lib.errors import StoreError
from lib.settings import Settings

logger = logging.getLogger("layerlab.engine")

EXPERIMENT_ID = re.compile(r"[0-9a-f]{16}")
LOOK_SECONDS = 0.2
"""Between two looks at what is under way. The next run stands in line already, so that nobody waits for a look."""
MOST_UNFINISHED = 3
"""Experiments of one person that are not over."""
STARTED_BY_SOMEBODY_ELSE = "This experiment belongs to somebody else: only its owner steers or deletes it."
CLOSE_SECONDS = 10.0


class Experiments:
    """Experiments of this installation. All methods may be called from any thread and return at once.

    Args:
        book: where experiments are kept.
        line: the engine's.
        settings: of this installation.
        unfinished: experiments that an app has left behind.
    """

    def __init__(
        self, book: ExperimentBook, line: RunsInLine, settings: Settings, unfinished: Sequence[Kept] = ()
    ) -> None:
        self._book = book
        self._line = line
        self._settings = settings
        self._lock = threading.RLock()
        self._unfinished = {kept.id: kept for kept in unfinished}
        self._unstored: set[str] = set()
        self._given_up: set[str] = set()
        self._questions = Questions(line.ask)
        self._judge = Judge(line.prune)
        self._wake = threading.Event()
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="layerlab-experiments", daemon=True)

    def begin(self, cut: Collection[str] = ()) -> None:
        """Start the thread.

        Args:
            cut: ids of runs that were being trained when the app ended; members among them go on.
        """
        for kept in self._unfinished.values():
            for place, run_id in list(kept.run_ids.items()):
                if run_id in cut:
                    self._again(kept, place, run_id)
        self._thread.start()
        self._wake.set()

    def _again(self, kept: Kept, place: int, run_id: str) -> None:
        """Send a run that was cut on; one of which nothing is kept has its place taken by a new one."""
        try:
            self._line.go_on(run_id)
        except (EngineError, UnknownRun):
            del kept.run_ids[place]

    def close(self) -> None:
        """End the thread; unfinished experiments go on at the next start."""
        self._ending = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=CLOSE_SECONDS)

    # For pages.

    def start(self, plan: Plan, owner: str) -> str:
        """Begin an experiment.

        Returns:
            Its id; that of the unfinished one when a person starts the same again (a double click, a second tab).

        Raises:
            EngineError: the plan cannot be trained here, or too many experiments of this person are not over.
        """
        problem = plan.problem(self._settings)
        if problem:
            raise EngineError(problem)
        with self._lock:
            mine = [kept for kept in self._unfinished.values() if kept.owner == owner and kept.status in UNFINISHED]
            twin = next((kept.id for kept in mine if kept.plan == plan), "")
            if twin:
                return twin
            if len(mine) >= MOST_UNFINISHED:
                raise EngineError(f"{len(mine)} of your experiments are not over: wait for one, or stop one")
            kept = Kept(secrets.token_hex(8), owner, plan, "waiting", "", 0, time.time())
            self._unfinished[kept.id] = kept
            self._unstored.add(kept.id)
        self._wake.set()
        return kept.id

    def stop(self, experiment_id: str, owner: str) -> None:
        """End an experiment: its runs under way stop after their batch, and what was trained to its end is kept.

        Raises:
            EngineError: it is over already, or somebody else's.
        """
        with self._lock:
            kept = self._theirs(experiment_id, owner)
            if kept.status not in UNFINISHED:
                raise EngineError(f"This experiment is {kept.status} already")
            kept.status = "stopped"
        self._wake.set()

    def open_test(self, experiment_id: str, owner: str) -> None:
        """Count one more opening of the test part.

        Raises:
            EngineError: the experiment is not over, or somebody else's.
        """
        with self._lock:
            kept = self._theirs(experiment_id, owner)
            if kept.status in UNFINISHED:
                raise EngineError("This experiment is not over: the test part is opened once, at its end")
            kept.opened += 1
            self._book.update(kept)

    def delete(self, experiment_id: str, owner: str) -> tuple[str, ...]:
        """Delete an experiment for good; its runs stay.

        Returns:
            Ids of the runs that were its members.

        Raises:
            EngineError: it is not over, or somebody else's, or there is none with this id.
        """
        with self._lock:
            kept = self._theirs(experiment_id, owner)
            if kept.status in UNFINISHED:
                raise EngineError("This experiment is not over: stop it first, then delete it")
            ending = kept.id in self._unfinished and kept.id not in self._given_up
            if ending or self._seen(kept).changing:
                raise EngineError("The last runs of this experiment are just ending: delete it in a moment")
            self._book.delete(kept.id)
            self._unfinished.pop(kept.id, None)
            self._given_up.discard(kept.id)
            self._unstored.discard(kept.id)
            return tuple(kept.run_ids.values())

    def snapshot(self, experiment_id: str) -> ExperimentSnapshot:
        """The experiment now.

        Raises:
            EngineError: there is none with this id.
        """
        return self._seen(self._find(experiment_id))

    def of(self, owner: str, limit: int = 50) -> tuple[ExperimentRow, ...]:
        """A person's experiments, newest first. No run is read for it, of which there may be hundreds."""
        with self._lock:
            live = {kept.id: kept for kept in self._unfinished.values() if kept.owner == owner}
        stored = {kept.id: kept for kept in self._book.of(owner, limit)}
        newest = sorted({**stored, **live}.values(), key=lambda kept: -kept.created_at)
        return tuple(
            ExperimentRow(kept.id, kept.plan, kept.status, dict(kept.run_ids), kept.created_at)
            for kept in newest[:limit]
        )  # fmt: skip

    def _theirs(self, experiment_id: str, owner: str) -> Kept:
        kept = self._find(experiment_id)
        if kept.owner != owner:
            raise EngineError(STARTED_BY_SOMEBODY_ELSE)
        return kept

    def _find(self, experiment_id: str) -> Kept:
        with self._lock:
            kept = self._unfinished.get(experiment_id)
        if kept is None and EXPERIMENT_ID.fullmatch(experiment_id):
            kept = self._book.find(experiment_id)
        if kept is None:
            raise EngineError(
                f"There is no experiment {experiment_id!r:.60} here: it belongs to another installation, or its address"
                " was cut"
            )
        return kept

    def _seen(self, kept: Kept) -> ExperimentSnapshot:
        with self._lock:
            run_ids = dict(kept.run_ids)
            state = (kept.status, kept.message)
        members = tuple(self._member(kept.plan, place, run_ids.get(place, "")) for place in range(kept.plan.members))
        return ExperimentSnapshot(kept.id, kept.owner, kept.plan, *state, members, kept.opened, kept.created_at)

    def _member(self, plan: Plan, place: int, run_id: str) -> Member:
        run = self._find_run(run_id)
        label = plan.label(place, None if run is None else run.spec)
        return Member(place, label, plan.seed(place), run_id, run)

    def _find_run(self, run_id: str) -> RunSnapshot | None:
        if not run_id:
            return None
        try:
            return self._line.snapshot(run_id)
        except UnknownRun:
            return None

    # The thread.

    def _run(self) -> None:
        while not self._ending:
            with self._lock:
                under_way = [kept for kept in self._unfinished.values() if kept.id not in self._given_up]
            self._wake.wait(LOOK_SECONDS if under_way else None)
            self._wake.clear()
            with self._lock:
                under_way = [kept for kept in self._unfinished.values() if kept.id not in self._given_up]
            for kept in under_way:
                if self._ending:
                    return
                try:
                    self._advance(kept)
                except Exception as error:
                    logger.exception("an experiment met an error and ends")
                    self._end_badly(kept, error)

    def _advance(self, kept: Kept) -> None:
        """Store what is new, send what may go, and see whether it is over."""
        if kept.id in self._unstored:
            self._book.add(kept)
            self._unstored.discard(kept.id)
        if kept.status == "stopped":
            self._stop_runs(kept)
            self._finish(kept)
            return
        found = {place: self._find_run(run_id) for place, run_id in kept.run_ids.items()}
        runs = {place: run for place, run in found.items() if run is not None}
        under_way = [run for run in runs.values() if run.changing]
        if kept.status == "waiting" and any(run.status != "queued" for run in runs.values()):
            self._become(kept, "running")
        self._judge.look(kept.plan, runs)
        missing, enough = [place for place in range(kept.plan.members) if place not in kept.run_ids], ""
        for place in missing[: max(0, self._line.slots() + 1 - len(under_way))]:
            try:
                if not self._send(kept, place, runs):
                    return
            except Enough as why:
                missing, enough = [], str(why)
                break
        if not missing and not under_way and self._become(kept, "done", enough):
            self._finish(kept)

    def _become(self, kept: Kept, status: Status, message: str = "") -> bool:
        """Change the state of an experiment, unless a person has stopped it meanwhile; whether it was changed."""
        with self._lock:
            if kept.status not in UNFINISHED:
                return False
            kept.status, kept.message = status, message
            self._book.update(kept)
        return True

    def _send(self, kept: Kept, place: int, runs: Mapping[int, RunSnapshot]) -> bool:
        """Put a member in line; False where it has to wait, or where the experiment is over because of it.

        Raises:
            Enough: no further member is to begin.
        """
        try:
            spec = kept.plan.spec(place, SoFar(runs, partial(self._questions.ask, kept, place)))
            if spec is None:
                return False
            run_id = self._line.new_runs.submit_member(spec, kept.owner)
        except LineFullError:
            return False
        except EngineError as error:
            self._become(kept, "stopped", f"It could not go on: {error}")
            return False
        with self._lock:
            kept.run_ids[place] = run_id
        self._book.add_member(kept.id, place, run_id)
        return True

    def _stop_runs(self, kept: Kept) -> None:
        for run_id in kept.run_ids.values():
            run = self._find_run(run_id)
            if run is not None and run.active:
                with suppress(EngineError):  # it has ended meanwhile
                    self._line.stop(run_id)

    def _finish(self, kept: Kept) -> None:
        with self._lock:  # until it is stored its owner may not open its test part: the count would be written over
            self._book.update(kept)
            self._unfinished.pop(kept.id, None)
        self._judge.forget(kept.run_ids.values())
        self._questions.forget(kept)

    def _end_badly(self, kept: Kept, error: Exception) -> None:
        """End an experiment whose store or line failed; it stays in memory, so that its owner reads why."""
        why = str(error) if isinstance(error, StoreError) else f"{type(error).__name__}: {error}"
        with self._lock:
            kept.status, kept.message = "stopped", f"It could not go on: {why}"
            self._given_up.add(kept.id)
        with suppress(Exception):
            self._stop_runs(kept)
            if kept.id not in self._unstored:
                self._finish(kept)
                self._given_up.discard(kept.id)
