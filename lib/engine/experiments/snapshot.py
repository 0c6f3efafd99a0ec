"""Immutable views of an experiment, for drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lib.engine.experiments.comparison import ComparisonPlan
from lib.engine.experiments.plan import Plan
from lib.engine.runs.snapshot import RunSnapshot

Status = Literal["waiting", "running", "done", "stopped"]
UNFINISHED: tuple[Status, ...] = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class Member:
    """One run of an experiment.

    Attributes:
        place: from 0, in the order in which they are trained.
        label: which one it is, in a few words.
        run_id: "" until the run is in line.
        run: None until it is in line, and when it was deleted.
    """

    place: int
    label: str
    seed: int
    run_id: str = ""
    run: RunSnapshot | None = None

    @property
    def complete(self) -> bool:
        """Whether it was trained to its end, so that it counts."""
        return self.run is not None and self.run.status == "done" and not self.run.evaluating

    @property
    def accuracy(self) -> float | None:
        """Of the validation part after the last epoch, 0 to 1; None before the end and where a number is predicted."""
        return self.run.epoch_points[-1].val_accuracy if self._told else None  # type: ignore[union-attr]

    @property
    def loss(self) -> float | None:
        """Of the validation part after the last epoch; None before the end."""
        return self.run.epoch_points[-1].val_loss if self._told else None  # type: ignore[union-attr]

    @property
    def _told(self) -> bool:
        return self.complete and self.run is not None and bool(self.run.epoch_points)


@dataclass(frozen=True, slots=True)
class ExperimentRow:
    """An experiment as it stands in a list, without its runs.

    Attributes:
        run_ids: of the members that are or were in line, by place.
        created_at: seconds since 1970.
    """

    id: str
    plan: Plan
    status: Status
    run_ids: Mapping[int, str]
    created_at: float


@dataclass(frozen=True, slots=True)
class ExperimentSnapshot:
    """An experiment at one moment.

    Attributes:
        message: a sentence where something needs saying (why it ended early), or "".
        members: its runs, place by place.
        opened: how often the test part was opened for it.
        created_at: seconds since 1970.
    """

    id: str
    owner: str
    plan: Plan
    status: Status
    message: str
    members: tuple[Member, ...]
    opened: int
    created_at: float

    @property
    def changing(self) -> bool:
        """Worth looking at again soon."""
        return self.status in UNFINISHED or any(each.run is not None and each.run.changing for each in self.members)

    @property
    def ended(self) -> int:
        """Runs that were trained to their end."""
        return sum(each.complete for each in self.members)

    def pairs(self) -> list[tuple[Member, Member]]:
        """A and B of each pair of which both were trained to their end; none where A and B are not compared."""
        if not isinstance(self.plan, ComparisonPlan):
            return []
        both = list(zip(self.members[::2], self.members[1::2], strict=True))
        return [(a, b) for a, b in both if a.complete and b.complete]
