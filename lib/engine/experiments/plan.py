"""What the runner needs to know of an experiment, whatever kind it is of.

A kind is one file with one frozen dataclass, entered in `kinds.py`. What is done with the runs (the line, stops,
restarts, what is stored) is the same for all kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, Self, runtime_checkable

from lib.engine.runs.snapshot import RunSnapshot
from lib.settings import Settings
from lib.specs.run import RunSpec

Ask = Callable[..., Any]
"""Has a worker answer: `ask(function, *arguments)` gives None until the answer is there. It never waits."""


def nobody(*_: object) -> None:
    """An `Ask` that gives no answer."""


@dataclass(frozen=True, slots=True)
class SoFar:
    """What has become of an experiment until now.

    Attributes:
        runs: those that are in line, under way or ended, by place; one that was deleted is not there.
        ask: has a worker answer a question of this place.
    """

    runs: Mapping[int, RunSnapshot] = field(default_factory=dict)
    ask: Ask = nobody


class Enough(Exception):  # noqa: N818 - nothing went wrong
    """No further run of an experiment is to begin, whatever places are left; the text says why, in a sentence."""


@runtime_checkable
class Prunes(Protocol):
    """A plan that may stop a run before its end, because others have shown that it is not worth its time."""

    def hopeless(self, place: int, so_far: SoFar) -> bool:
        """Whether the run at a place is to be stopped. It is asked once after each epoch of a run under way."""


class Plan(Protocol):
    """What an experiment trains, described before it begins. Equal plans are equal experiments.

    Attributes:
        kind: id of its kind: in the store, in addresses, in code.
    """

    kind: ClassVar[str]

    @property
    def members(self) -> int:
        """Runs in all; at most, where it may end earlier."""

    @property
    def base(self) -> RunSpec:
        """A run on the same data, and answering the same kind of question, as all members."""

    def seed(self, place: int) -> int:
        """That of the run at a place, from 0."""

    def label(self, place: int, spec: RunSpec | None = None) -> str:
        """The run at a place in a few words.

        Args:
            place: from 0.
            spec: what it trains, where that is known.
        """

    def problem(self, limits: Settings) -> str:
        """Why this cannot be done here, in one sentence that says what to do, or ""."""

    def spec(self, place: int, so_far: SoFar) -> RunSpec | None:
        """What is trained at a place; None where that is not known yet: then the runner asks again, soon.

        Raises:
            Enough: neither this place nor one behind it is to be trained any more.
        """

    def to_plain(self) -> dict[str, Any]:
        """All of it as plain data that JSON can hold."""

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Read `to_plain` again.

        Raises:
            SpecError, ValueError, TypeError, KeyError: what was read is no plan of this kind.
        """
