"""The kinds of experiments, and their plans as text."""

from __future__ import annotations

import json

from lib.engine.experiments.comparison import ComparisonPlan
from lib.engine.experiments.folds import FoldsPlan
from lib.engine.experiments.plan import Plan
from lib.engine.experiments.sweep import SweepPlan
from lib.specs.fields import SpecError

KINDS: dict[str, type[Plan]] = {each.kind: each for each in (ComparisonPlan, FoldsPlan, SweepPlan)}
"""The classes of plans, by the ids of their kinds."""
MOST_LETTERS = 20_000


def to_json(plan: Plan) -> str:
    """The plan as one line of JSON."""
    return json.dumps({"kind": plan.kind, **plan.to_plain()})


def from_json(text: str) -> Plan:
    """Read `to_json` again.

    Raises:
        SpecError: no valid plan, or of a kind that is not known here.
    """
    if len(text) > MOST_LETTERS:
        raise SpecError(f"the plan of an experiment must be at most {MOST_LETTERS} letters, not {len(text)}")
    try:
        plain = json.loads(text)
        kind = plain["kind"]
        if kind not in KINDS:
            raise SpecError(f"there is no kind of experiment {kind!r:.60}; there are: {', '.join(KINDS)}")
        return KINDS[kind].from_plain(plain)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise SpecError(f"the plan of an experiment is damaged: {error}") from None
