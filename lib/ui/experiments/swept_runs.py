"""The runs of a sweep as its pictures, its words and its table take them."""

from __future__ import annotations

import math

from lib.engine.experiments.snapshot import ExperimentSnapshot, Member
from lib.engine.experiments.sweep import SweepPlan, swept
from lib.figures.experiments.swept import Axis, SweptRun, Value
from lib.specs.fields import Number
from lib.specs.sweeping import Range, by_factors, rule_of

STATES = {"queued": "waiting", "running": "running", "paused": "paused", "done": "done", "stopped": "stopped",
          "failed": "failed"}  # fmt: skip


def axes_of(plan: SweepPlan) -> tuple[Axis, ...]:
    """The settings that are varied."""
    axes = []
    for each in plan.varied:
        if isinstance(each, Range):
            rule = rule_of(plan.base, each.change)
            log = isinstance(rule, Number) and by_factors(rule, each.low)
            axes.append(Axis(each.change, each.low, each.high, log))
        else:
            axes.append(Axis(each.change, choices=tuple(map(_plain, each.values))))
    return tuple(axes)


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def values_of(plan: SweepPlan, member: Member) -> tuple[Value, ...]:
    """What a run that has begun has of each setting."""
    assert member.run is not None
    values = plan.values(member.run.spec).values()
    return tuple(value if isinstance(value, int | float) and not isinstance(value, bool) else _plain(value)
                 for value in values)  # fmt: skip


def swept_runs(experiment: ExperimentSnapshot) -> tuple[SweptRun, ...]:
    """All runs that have begun."""
    plan = swept(experiment.plan)
    return tuple(
        SweptRun(member.label, values_of(plan, member), figure_of(member, plan), _stopped_at(member, plan))
        for member in experiment.members
        if member.run is not None
    )


def figure_of(member: Member, plan: SweepPlan) -> float | None:
    """What a run reached on the validation part after its last epoch; None where it was not trained to its end."""
    figure = member.accuracy if plan.share else member.loss
    return figure if figure is not None and math.isfinite(figure) else None


def _stopped_at(member: Member, plan: SweepPlan) -> float | None:
    """Where a run stood when its sweep stopped it; None for others."""
    if member.run is None or member.run.status != "stopped" or not member.run.pruned or not member.run.epoch_points:
        return None
    last = member.run.epoch_points[-1]
    return last.val_accuracy if plan.share else last.val_loss


def best_member(experiment: ExperimentSnapshot) -> Member | None:
    """The run with the best figure, the first one of equals; None where none was trained to its end."""
    plan = swept(experiment.plan)
    told = [(figure, member) for member in experiment.members if (figure := figure_of(member, plan)) is not None]
    if not told:
        return None
    best = (max if plan.share else min)(figure for figure, _ in told)
    return next(member for figure, member in told if figure == best)


def state(member: Member) -> str:
    """What has become of a run, in a word or two."""
    if member.run is None:
        return "deleted" if member.run_id else "not begun"
    return "stopped early" if member.run.status == "stopped" and member.run.pruned else STATES[member.run.status]


def counts(experiment: ExperimentSnapshot) -> dict[str, object]:
    """How many runs there are of each state, as words for a sentence."""
    others = [state(member) for member in experiment.members if not member.complete]
    shown = [f"{others.count(name)} {name}" for name in ("stopped early", "stopped", "failed") if name in others]
    return {"complete": experiment.ended, "rest": "".join(f", {part}" for part in shown)}
