"""What a visitor has done on the Learn pages: what tasks showed them, and how they answered the questions there.

Progress only grows, and each entry knows when it came first: so two of them can always be joined.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

VERSION = 1
MOST_ENTRIES = 500
"""Sightings, and answers: more than there are, less than a store minds."""
MOST_BYTES = 200_000
"""Of a file."""
_SIGHTING = re.compile(r"[a-z_]{1,40}\.task_[0-9]{1,2}_[a-z0-9_]{1,40}")
_QUESTION = re.compile(r"[a-z_]{1,40}\.quiz[a-z0-9_]{0,40}")
_MARK = re.compile(r"[0-9a-f]{16}|")
_LATEST = 1e11
"""Seconds since 1970; a larger number is no time."""


class ProgressError(ValueError):
    """A text that is no progress. It says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Answered:
    """How somebody answered a question.

    Attributes:
        first: place of the answer that was revealed first, counted from 0.
        at: when, in seconds since 1970.
        right_at: when a right one was revealed first; None while none was.
    """

    first: int
    at: float
    right_at: float | None = None

    def joined(self, other: Answered) -> Answered:
        """Both: the earlier first answer, and the earlier right one.

        >>> Answered(2, 5.0).joined(Answered(0, 9.0, 9.0))
        Answered(first=2, at=5.0, right_at=9.0)
        """
        earlier = min(self, other, key=lambda each: each.at)
        right = [each.right_at for each in (self, other) if each.right_at is not None]
        return replace(earlier, right_at=min(right, default=None))


@dataclass(frozen=True, slots=True)
class Progress:
    """What somebody has done.

    Attributes:
        seen: when each sighting of a task came first, in seconds since 1970, by its name.
        answers: by the question's passage.
    """

    seen: Mapping[str, float] = field(default_factory=dict)
    answers: Mapping[str, Answered] = field(default_factory=dict)

    def joined(self, other: Progress) -> Progress:
        """All that is in one of them, each entry since it came first.

        >>> Progress({"a.task_1_b": 3.0}).joined(Progress({"a.task_1_b": 2.0, "a.task_1_c": 4.0})).seen
        {'a.task_1_b': 2.0, 'a.task_1_c': 4.0}
        """
        seen, answers = dict(self.seen), dict(self.answers)
        for name, at in other.seen.items():
            seen[name] = min(at, seen.get(name, at))
        for name, answered in other.answers.items():
            answers[name] = answers[name].joined(answered) if name in answers else answered
        return Progress(seen, answers)

    def lacking(self, other: Progress) -> Progress:
        """What of another one is not in this one: with it nothing that is in this one would change.

        >>> Progress({"a.task_1_b": 3.0}).lacking(Progress({"a.task_1_b": 2.0, "a.task_1_c": 4.0})).seen
        {'a.task_1_c': 4.0}
        """
        return Progress(
            {name: at for name, at in other.seen.items() if name not in self.seen},
            {name: answered for name, answered in other.answers.items() if name not in self.answers},
        )

    def only(self, sightings: Container[str], questions: Container[str]) -> Progress:
        """What of it is about these sightings and questions."""
        return Progress(
            {name: at for name, at in self.seen.items() if name in sightings},
            {name: answered for name, answered in self.answers.items() if name in questions},
        )

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self.seen) + len(self.answers)


def to_json(progress: Progress) -> str:
    """Progress as a text that `from_json` reads back."""
    answers = {
        name: {"first": each.first, "at": each.at, "right_at": each.right_at}
        for name, each in sorted(progress.answers.items())
    }
    seen = dict(sorted(progress.seen.items()))
    return json.dumps({"layerlab_progress": VERSION, "seen": seen, "answers": answers}, indent=1)


def from_json(text: str | bytes) -> Progress:
    """Progress from a text that anybody may have written.

    Raises:
        ProgressError: it is damaged, too long, of another version or of something else.
    """
    if len(text) > MOST_BYTES:
        raise ProgressError(
            f"This file has {len(text):,} bytes, and progress takes {MOST_BYTES:,} at most. Choose the file that you"
            " saved here."
        )
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise ProgressError(
            "This file cannot be read: it is damaged, or no progress at all. Choose another one."
        ) from None
    if not isinstance(found, dict) or "layerlab_progress" not in found:
        raise ProgressError("This file holds no progress of LayerLab. Choose the file that you saved here.")
    version = found["layerlab_progress"]
    if version != VERSION or isinstance(version, bool):
        raise ProgressError(
            f"This progress has version {version!r:.20}, and this LayerLab reads version {VERSION}. Save it again with"
            " the same LayerLab that you open it with."
        )
    return Progress(
        {name: _time(at) for name, at in _table(found, "seen", _SIGHTING).items()},
        {name: _answered(each) for name, each in _table(found, "answers", _QUESTION).items()},
    )


@dataclass(frozen=True, slots=True)
class Saved:
    """Progress as a file holds it.

    Attributes:
        progress: what somebody had done.
        at: when it was saved, in seconds since 1970; None where the file does not say it.
        by: a mark of who saved it, 16 hex digits that no name can be made from; "" where the file does not say it.
    """

    progress: Progress
    at: float | None = None
    by: str = ""


def to_file(saved: Saved) -> str:
    """A file's text, which `from_file` and also `from_json` read back."""
    return json.dumps({**json.loads(to_json(saved.progress)), "saved_at": saved.at, "saved_by": saved.by}, indent=1)


def from_file(text: str | bytes) -> Saved:
    """Progress from a file that anybody may have written; files of before do not say when and by whom.

    Raises:
        ProgressError: as for `from_json`.
    """
    progress, found = from_json(text), json.loads(text)
    at, by = found.get("saved_at"), found.get("saved_by", "")
    if not isinstance(by, str) or not _MARK.fullmatch(by):
        raise _damaged("who saved it", by)
    return Saved(progress, None if at is None else _time(at), by)


def _table(found: Mapping[str, Any], part: str, names: re.Pattern[str]) -> Mapping[str, Any]:
    """A part of it, whose entries have names of this form."""
    table = found.get(part)
    if not isinstance(table, dict) or len(table) > MOST_ENTRIES:
        raise _damaged(part, table)
    wrong = [name for name in table if not names.fullmatch(name)]
    if wrong:
        raise _damaged(part, wrong[0])
    return cast(Mapping[str, Any], table)


def _time(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _damaged("a time", value)
    if not 0 <= value <= _LATEST:
        raise _damaged("a time", value)
    return float(value)


def _answered(value: object) -> Answered:
    if not isinstance(value, dict) or set(value) != {"first", "at", "right_at"}:
        raise _damaged("an answer", value)
    first, right_at = value["first"], value["right_at"]
    if isinstance(first, bool) or not isinstance(first, int) or not 0 <= first < 20:
        raise _damaged("an answer", first)
    return Answered(first, _time(value["at"]), None if right_at is None else _time(right_at))


def _damaged(part: str, value: object) -> ProgressError:
    return ProgressError(
        f"This progress is damaged: {value!r:.40} cannot be “{part}”. Nothing was taken over. Choose the file that you"
        " saved here."
    )
