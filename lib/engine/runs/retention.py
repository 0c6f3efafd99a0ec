"""How long runs stay: until their owner deletes them, or until there is no room for them.

README states the rule. A thread of its own keeps it, so that no page and no training waits for it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from lib.engine.runs.book import RunBook
from lib.engine.runs.owners import theirs
from lib.engine.runs.tidying import HeldRun, Tidying
from lib.errors import DataError
from lib.settings import Settings

logger = logging.getLogger("layerlab.engine")

SETTLING_SECONDS = 1.0
"""So long after a run has ended its last events are waited for."""
FRESH_SECONDS = 3600.0
"""A person's newest run stays so long whatever others have stored: it must be seen once."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a person has stored, in MB.

    Attributes:
        all_mb: runs and own data.
        kept_mb: of it what does not go by itself.
        most_mb: what one person may have.
    """

    all_mb: float
    kept_mb: float
    most_mb: float


class Retention:
    """Keeps, deletes and shortens runs that have ended; thread-safe.

    Args:
        book: the runs.
        settings: of this installation; they hold the limits.
    """

    def __init__(self, book: RunBook, settings: Settings) -> None:
        self._book = book
        self._settings = settings
        self._tidying = Tidying(book.store.database)
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to keep the rule, in the background. Of several apps on one store only one does."""
        self._book.store.run_ended.set()
        self._thread = threading.Thread(target=self._run, name="layerlab-retention", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._ending.set()
        self._book.store.run_ended.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    # For the person whose runs they are.

    def usage(self, owner: str) -> Usage:
        """What a person has stored."""
        own = self._tidying.own_data_mb().get(owner, 0.0)
        mine = self._tidying.held(owner)
        kept = sum(run.size_mb for run in mine if run.kept)
        return Usage(own + sum(run.size_mb for run in mine), own + kept, self._settings.person_mb)

    def is_kept(self, run_id: str) -> bool:
        """Whether a run stays until its owner deletes it."""
        return self._tidying.is_kept(run_id)

    def keep(self, run_id: str, owner: str, wanted: bool) -> None:
        """Have a run stay until it is deleted, or no longer.

        Raises:
            DataError: it is not this person's, or is gone, or they keep as much as one person may.
        """
        now = theirs(self._book, run_id, owner, "keeps it")
        if wanted:
            usage = self.usage(owner)
            size = next((run.size_mb for run in self._tidying.held(owner) if run.id == now.id and not run.kept), 0.0)
            if usage.kept_mb + size > usage.most_mb:
                raise DataError(
                    f"You keep {usage.kept_mb:,.0f} MB here, and this run has {size:,.0f} MB. One person may keep"
                    f" {usage.most_mb:,.0f} MB at most. Delete a run, or keep another one no longer."
                )
        self._book.journal.written(partial(self._tidying.keep, run_id, wanted))

    def delete(self, run_id: str, owner: str) -> None:
        """Delete a run for good.

        Raises:
            DataError: it is not this person's, or is gone, or is not over yet, or an experiment rests on it.
        """
        now = theirs(self._book, run_id, owner, "deletes it")
        if now.changing:
            raise DataError("This run is not over yet: stop it first, then delete it.")
        if self._tidying.is_member(run_id):
            raise DataError(
                "This run belongs to an experiment, which needs its figures: it stays with the experiment. Delete"
                " the experiment first."
            )
        if not self._delete(run_id):
            raise DataError("This run goes on again: stop it first, then delete it.")
        self._book.store.run_ended.set()  # the thread gives its room back

    def _delete(self, run_id: str, even_kept: bool = True) -> bool:
        # In its turn: no run on the same own data is added meanwhile, and nothing told before comes afterwards.
        deleted = self._book.journal.written(partial(self._tidying.delete, run_id, even_kept))
        if deleted:
            self._book.forget(run_id)
        return deleted

    # The thread.

    def _run(self) -> None:
        ended = self._book.store.run_ended
        while not self._ending.is_set():
            ended.wait()
            ended.clear()
            self._ending.wait(SETTLING_SECONDS)
            try:
                self.enforce()
            except Exception:
                logger.exception("runs that have ended could not be tidied up")

    def enforce(self) -> None:
        """Shorten what has ended, delete what there is no room for, and give back the room of what was deleted."""
        for run_id in self._tidying.untidy():
            if self._ending.is_set():
                return
            start = time.perf_counter()
            self._tidying.tidy(run_id)
            self._ending.wait(min(time.perf_counter() - start, 1.0))  # pages come first
        limits = (self._settings.person_mb, self._settings.store_mb)
        for run_id in surplus(self._tidying.held(), self._tidying.own_data_mb(), *limits, now=time.time()):
            if self._ending.is_set():
                return
            if self._delete(run_id, even_kept=False):
                logger.info("run %s was deleted: there is no room for it any more", run_id)
        self._tidying.give_back()


def surplus(
    held: Sequence[HeldRun], own_mb: Mapping[str, float], person_mb: float, store_mb: float, now: float
) -> list[str]:
    """The runs that there is no room for: of those that nobody keeps, the ones that ended first.

    Args:
        held: ended runs, those that ended first first.
        own_mb: MB of the data that each person keeps; they count, but do not go.
        person_mb: the most of one person. Their newest run stays whatever it takes.
        store_mb: the most of all together. A person's newest run stays for an hour.
        now: seconds since 1970.
    """
    newest = {run.owner: run for run in held}
    taken: dict[str, float] = defaultdict(float, own_mb)
    for run in held:
        taken[run.owner] += run.size_mb
    gone: dict[str, None] = {}
    for run in held:
        if taken[run.owner] > person_mb and not run.kept and run is not newest[run.owner]:
            gone[run.id] = None
            taken[run.owner] -= run.size_mb
    all_mb = sum(taken.values())
    for run in held:
        fresh = run is newest[run.owner] and now - run.ended_at < FRESH_SECONDS
        if all_mb > store_mb and not run.kept and not fresh and run.id not in gone:
            gone[run.id] = None
            all_mb -= run.size_mb
    return list(gone)
