"""What a run begins with where its seed does not draw it: weights that another run had after one of its epochs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lib.specs.changes import from_text
from lib.specs.fields import Number, SpecError

_RUN = re.compile(r"[0-9a-f]{16}")
_LAYER = re.compile(r"[a-z0-9_]{1,60}")
_MOST_FROZEN = 40
_EPOCH = Number(0, 1_000_000)


@dataclass(frozen=True, slots=True)
class Start:
    """Where a run's first weights come from. The weights themselves are stored with the run that begins with them.

    Attributes:
        run: id of the run that had them. It may be deleted meanwhile.
        epoch: after which epoch it had them; 0 for its own first weights.
        frozen: names of layers whose weights stay as they are.
        by_hand: what was changed by hand in the weights before, see `lib.specs.changes`; "" for nothing.

    Raises:
        SpecError: a field that breaks its rule.
    """

    run: str
    epoch: int
    frozen: tuple[str, ...] = ()
    by_hand: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.run, str) or not _RUN.fullmatch(self.run):
            raise SpecError(f"start.run must be a run's id of 16 digits and letters from a to f, not {self.run!r:.60}")
        object.__setattr__(self, "epoch", _EPOCH.check("start.epoch", self.epoch))
        if not isinstance(self.frozen, list | tuple) or len(self.frozen) > _MOST_FROZEN:
            raise SpecError(f"start.frozen must be a list of at most {_MOST_FROZEN} layers, not {self.frozen!r:.60}")
        for name in self.frozen:
            if not isinstance(name, str) or not _LAYER.fullmatch(name):
                raise SpecError(f"start.frozen must hold names of layers, not {name!r:.60}")
        object.__setattr__(self, "frozen", tuple(self.frozen))
        if not isinstance(self.by_hand, str):
            raise SpecError(f"start.by_hand must be a text, not {self.by_hand!r:.60}")
        from_text(self.by_hand)
