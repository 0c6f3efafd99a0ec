"""What is wrong with a run: the rules over all its epochs, with patience in both directions."""

from __future__ import annotations

from dataclasses import dataclass

from lib.engine.diagnosis.facts import Facts
from lib.engine.diagnosis.inside_rules import WATCHED_EPOCH
from lib.engine.diagnosis.rules import RULES
from lib.engine.diagnosis.so_far import Evidence, SoFar, moments
from lib.engine.runs.snapshot import RunSnapshot

HITS, CLEAR = 3, 9
"""A hint needs so many hits to appear, with fewer than so many clear epochs between them; as many let it go."""
AT_ONCE = ("diverged",)
"""There is nothing to wait for: one hit is enough."""
WHEN_LOST = ("diverged", "unscaled_input")
"""What is asked of a run whose loss is no number any more: that it is so, and what may be the reason."""
_UNSTEADY = ("diverged", "rate_too_high")
EXPLAINED_BY = {
    "rate_too_high": ("diverged",),
    "rate_too_low": ("diverged", "vanishing_gradients", "dead_relus"),
    "exploding_gradients": ("unscaled_input",),
    "vanishing_gradients": (*_UNSTEADY, "unscaled_input", "dead_relus"),
    "dead_relus": ("diverged", "unscaled_input"),
    "not_learning": (*_UNSTEADY, "rate_too_low", "vanishing_gradients", "unscaled_input"),
    "overfitting": (*_UNSTEADY, "not_learning"),
    "underfitting": (*_UNSTEADY, "rate_too_low", "not_learning", "unscaled_input", "too_few_samples"),
}
"""A hint is left out where another one says why."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that is wrong with a run.

    Attributes:
        name: a stable id, one of `lib.engine.diagnosis.rules.RULES`.
        evidence: what its rule found, at the newest epoch at which it found it.
        epoch: that epoch; where the evidence was watched inside, the one that was watched.
    """

    name: str
    evidence: Evidence
    epoch: int


@dataclass(slots=True)
class _Patience:
    """One rule's hits so far; what was seen at one epoch is one hit, however many unwatched ones follow it."""

    needed: int
    watched: int
    hits: int = 0
    clear: int = 0
    newest: Hint | None = None

    def take(self, found: Hint | None) -> None:
        if found is not None:
            new = self.newest is None or found.epoch > self.newest.epoch
            self.hits, self.clear, self.newest = self.hits + new, 0, found
            return
        self.clear += 1
        if self.clear >= CLEAR:
            self.hits, self.newest = 0, None

    def hint(self) -> Hint | None:
        if self.newest is None:
            return None
        needed = min(self.needed, self.watched) if WATCHED_EPOCH in self.newest.evidence else self.needed
        return self.newest if self.hits >= needed else None


def hints(run: RunSnapshot, facts: Facts) -> tuple[Hint, ...]:
    """What is wrong with a run, as far as its epochs tell; nothing where nothing is.

    A run of one or two epochs needs a hit at each of them. So what its data alone say is told, and that it diverged;
    the other rules look at three epochs or more, and are silent about runs that were too short to show anything. Where
    fewer epochs of a run that has ended were watched, evidence from inside is needed at each of them.

    Args:
        run: under way or ended.
        facts: of its data, from `lib.engine.diagnosis.facts.facts_of`.

    Returns:
        In the order of `RULES`.
    """
    needed = max(1, min(HITS, run.epochs))
    watched = HITS if run.active else len(run.inside)
    patience = {name: _Patience(1 if name in AT_ONCE else needed, watched) for name in RULES}
    for moment in moments(run, facts):
        _look(moment, patience, max(run.epoch, 1) if moment.not_a_number else moment.now.epoch)
    there = {name: hint for name, each in patience.items() if (hint := each.hint()) is not None}
    return tuple(hint for name, hint in there.items() if not any(why in there for why in EXPLAINED_BY.get(name, ())))


def _look(run: SoFar, patience: dict[str, _Patience], epoch: int) -> None:
    """Have the rules look at one moment. A run whose loss is no number has ended: what says why is told at once."""
    for name in WHEN_LOST if run.not_a_number else RULES:
        found = RULES[name](run)
        seen_at = epoch if found is None else int(found.get(WATCHED_EPOCH, epoch))
        patience[name].take(Hint(name, found, seen_at) if found is not None else None)
        if found is not None and run.not_a_number:
            patience[name].hits = HITS
