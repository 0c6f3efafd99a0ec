"""How a new run begins: from its seed, with weights of another run, or with weights that a person has brought back."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable

from lib import events
from lib.arrays import pack
from lib.concepts.forward import check_weights
from lib.engine.errors import EngineError
from lib.engine.going_on import Weights, first_weights
from lib.engine.runs import messages
from lib.engine.runs.book import RunBook
from lib.engine.runs.snapshot import RunSnapshot
from lib.engine.work.dispatcher import Dispatcher
from lib.errors import DataError
from lib.settings import Settings
from lib.specs.run import RunSpec

MOST_WAITING = 200


class LineFullError(EngineError):
    """So many runs wait that no more are taken in."""


class NewRuns:
    """Takes in new runs and puts them in line. Its methods may be called from any thread.

    Args:
        book: where runs are kept.
        dispatcher: in whose line they stand.
        settings: of this installation.
        snapshot: finds the run that another one starts from.
        kept_weights: those of a run after an epoch, or None.
    """

    def __init__(
        self,
        book: RunBook,
        dispatcher: Dispatcher,
        settings: Settings,
        snapshot: Callable[[str], RunSnapshot],
        kept_weights: Callable[[str, int], Weights | None],
    ) -> None:
        self._book = book
        self._dispatcher = dispatcher
        self._settings = settings
        self._snapshot = snapshot
        self._kept_weights = kept_weights
        self._submitting = threading.Lock()

    def submit(self, spec: RunSpec, owner: str, paused: bool = False) -> str:
        """Put a run in line.

        Args:
            spec: what to train.
            owner: token of the person's browser; one training a person at a time.
            paused: wait before the very first batch, for `step` or `resume`.

        Returns:
            The run's id; that of the active run when the same person submits the same spec again (a double click).

        Raises:
            EngineError: the spec cannot be trained here, or too many runs wait.
        """
        if spec.start is not None:
            raise EngineError(messages.NO_START)  # `go_on` brings weights along
        self._check(spec)
        return self._begin(spec, owner, paused=paused)

    def submit_member(self, spec: RunSpec, owner: str) -> str:
        """Put a run of an experiment in line: a run of its own, also beside an equal one.

        It may be trained beside another run of the same person where a worker would have nothing to do.

        Raises:
            EngineError: the spec cannot be trained here, or too many runs wait.
        """
        self._check(spec)
        return self._begin(spec, owner, member=True)

    def bring(self, spec: RunSpec, weights: Weights, owner: str) -> str:
        """Put weights in line that a person has brought back: they are tested, and training can go on from them.

        Args:
            spec: what they were trained by.
            weights: by name, in the shapes of the model.
            owner: token of the person's browser.

        Returns:
            The id of a new run of 0 epochs.

        Raises:
            EngineError: the spec cannot be trained here, the weights are not its own, or too many runs wait.
        """
        self._check(spec)
        try:
            check_weights(spec.model, dict(weights))
        except ValueError as error:
            raise EngineError(str(error)) from None
        return self._begin(spec.from_seed, owner, weights, brought=True)

    def go_on(self, spec: RunSpec, owner: str, weights: Weights | None = None) -> str:
        """Put a run in line that begins with weights of another run. They are stored with it, whatever becomes of that.

        Args:
            spec: what to train; its `start` names the other run and the epoch.
            owner: token of the person's browser.
            weights: a copy that was changed, or first weights that a worker has drawn anew; None takes the kept ones.

        Returns:
            The new run's id; that of the active run when the same person asks for the same again (a double click).

        Raises:
            EngineError: the spec cannot be trained here, the weights are no longer kept or do not fit, or too many runs
                wait.
            UnknownRun: the other run is not here any more.
        """
        if spec.start is None:
            return self.submit(spec, owner)
        self._check(spec)
        origin = self._snapshot(spec.start.run)
        kept = self._kept_weights(origin.id, spec.start.epoch) if weights is None else weights
        return self._begin(spec, owner, first_weights(spec, origin, owner, kept))

    def _check(self, spec: RunSpec) -> None:
        problem = spec.problem(self._settings)
        if problem:
            raise EngineError(problem)

    def _begin(
        self,
        spec: RunSpec,
        owner: str,
        first: Weights | None = None,
        *,
        brought: bool = False,
        member: bool = False,
        paused: bool = False,
    ) -> str:
        """Put a new run in line, unless the same person has an active one of the same spec; the id of either.

        Args:
            spec: what to train.
            owner: token of the person's browser.
            first: weights that it begins with; stored as its checkpoint before the first batch, epoch 0.
            brought: whether those come from a file: then it has no epochs, and is always a new run.
            member: whether it belongs to an experiment: always a new run, too.
            paused: wait before the first batch.

        Raises:
            EngineError: too many runs wait, or a person's own data are gone.
        """
        with self._submitting:
            twin = next((now.id for now in self._book.active(owner) if now.spec == spec), "")
            if twin and not (brought or member):
                return twin
            run_id = self._add(spec, owner)
            if first is not None:
                place = {"epoch": 1, "batch": 0, "sums": (0.0, 0.0, 0.0)}
                checkpoint = {**place, "weights": pack(first), "state": pack({})}
                self._book.keep_checkpoints(run_id, [checkpoint], lambda: None)
            if brought:
                self._book.apply(run_id, events.Brought())
            epochs = 0 if brought else spec.training.epochs
            self._book.apply(run_id, events.Queued(1, epochs, spec.training.learning_rate))
        self._dispatcher.enqueue(run_id, paused, beside=member)
        self._book.settle()
        return run_id

    def _add(self, spec: RunSpec, owner: str) -> str:
        """Take in a new run, and give it an id."""
        if self._dispatcher.counts()[1] >= MOST_WAITING:
            raise LineFullError(f"{MOST_WAITING} runs are waiting already: try again in some minutes")
        run_id = secrets.token_hex(8)
        try:
            self._book.add(run_id, owner, spec)
        except DataError as error:
            raise EngineError(str(error)) from None
        return run_id
