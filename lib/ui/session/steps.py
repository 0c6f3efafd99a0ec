"""What was done to the draft, step by step. Undo and Redo walk over it, and so do the browser's Back and Forward."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lib.specs.run import RunSpec
from lib.ui.session.state import Draft

MOST_STEPS = 50
"""As many steps as a session remembers; the oldest goes first."""
SAME_STEP_SECONDS = 1.5
"""Changes of one control that follow each other so closely are one step: a slider on its way."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The drafts around the present one.

    Attributes:
        past: drafts before, the oldest first.
        future: drafts that were undone, the one undone last at the end.
        what: what was changed last, "" where the next change is a step of its own in any case.
        changed_at: when that was, in seconds by the monotonic clock.
    """

    past: tuple[Draft, ...] = ()
    future: tuple[Draft, ...] = ()
    what: str = ""
    changed_at: float = 0.0

    def changed(self, before: Draft, after: Draft, what: str, now: float) -> Steps:
        """The steps after a change.

        Args:
            before, after: the draft.
            what: was changed. Equal names shortly after each other make one step; "" makes a step in any case.
            now: seconds by the monotonic clock.
        """
        if before.spec == after.spec:
            return self
        going_on = bool(what) and what == self.what and now - self.changed_at < SAME_STEP_SECONDS and bool(self.past)
        past = self.past if going_on else (*self.past, before)[-MOST_STEPS:]
        if going_on and past[-1].spec == after.spec:  # the slider is back where it was
            return Steps(past[:-1])
        return Steps(past, (), what, now)

    def undone(self, present: Draft) -> tuple[Steps, Draft]:
        """The steps after Undo, and the draft to go back to; the present one where there is none."""
        if not self.past:
            return self, present
        return Steps(self.past[:-1], (*self.future, present)), self.past[-1]

    def redone(self, present: Draft) -> tuple[Steps, Draft]:
        """The steps after Redo, and the draft to go forward to; the present one where there is none."""
        if not self.future:
            return self, present
        return Steps((*self.past, present), self.future[:-1]), self.future[-1]

    def walked_to(self, spec: RunSpec, present: Draft) -> tuple[Steps, Draft] | None:
        """As many times Undo, or else Redo, as lead to a draft of this spec; None where there is none."""
        for walk in (Steps.undone, Steps.redone):
            steps, draft = self, present
            for _ in range(MOST_STEPS):
                steps, draft = walk(steps, draft)
                if draft.spec == spec:
                    return steps, draft
        return None

    def without(self, dataset: str) -> Steps:
        """The steps without drafts on a dataset that can be seen no more."""
        past, future = (
            tuple(draft for draft in drafts if draft.spec.data.dataset != dataset)
            for drafts in (self.past, self.future)
        )
        return replace(self, past=past, future=future, what="")
