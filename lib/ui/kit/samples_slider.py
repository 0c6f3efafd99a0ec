"""How many training samples a run is to use: a slider over round numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lib.specs.data import DataSpec
from lib.specs.fields import Number, rules
from lib.ui.kit import lessons
from lib.ui.kit.options import stepped_slider, steps_of


def samples_slider(data: DataSpec, key: str, report: Callable[[Any], None]) -> None:
    """Show the slider.

    Args:
        data: the present choice.
        key: the widget's key.
        report: told the new number when a person changes it; 0 for all samples.
    """
    rule = rules(DataSpec)["samples"]
    assert isinstance(rule, Number)
    most = data.facts.full_train if data.size == "full" else data.facts.bundled_train
    steps = [step for step in steps_of(rule) if step in (0, 500) or 1_000 <= step < most]
    stepped_slider(
        "samples",
        steps,
        data.samples,
        key,
        report,
        help=lessons.text("build.samples"),
        words=lambda number: f"{number:,.0f}" if number else f"all {most:,}",
    )
