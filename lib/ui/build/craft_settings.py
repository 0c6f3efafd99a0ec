"""The settings that steer a training beyond its optimizer. Each says in a sentence what it is for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from lib.specs.fields import rules
from lib.specs.run import RunSpec
from lib.specs.training import FROM_LOGITS, SCHEDULES, SMOOTHED, TrainSpec
from lib.ui.kit import lessons
from lib.ui.kit.options import option
from lib.ui.kit.question_note import ask
from lib.ui.session import draft


def craft_settings(run: RunSpec) -> None:
    """Show the settings; those behind a choice only where it needs them.

    Args:
        run: the draft.
    """
    training = run.training
    _show(training, "schedule")
    shown = SCHEDULES[training.schedule]
    for name in shown:
        _one(training, name)
    _show(training, "early_stopping")
    if training.early_stopping:
        for name in ("patience", "restore_best_weights", "monitor"):
            if name not in shown:
                _one(training, name)
    _show(training, "clipping")
    if training.clipping != "off":
        _one(training, "clip_norm")
    if training.loss in SMOOTHED:
        _show(training, "label_smoothing")
    if training.loss in FROM_LOGITS:
        _show(training, "from_logits")
        ask("from_logits")
    if not run.regression:
        _show(training, "class_weight")
    _one(training, "l1")
    _show(training, "l2")
    ask("penalty")
    _show(training, "kernel_initializer")
    _show(training, "watch_inside")


def _show(training: TrainSpec, name: str) -> None:
    """Show a setting, and under it what it is for."""
    _one(training, name)
    st.caption(lessons.text(f"craft.{name}"))


def _one(training: TrainSpec, name: str) -> None:
    rule, sentence = rules(TrainSpec)[name], lessons.text(f"craft.{name}")
    option(name, rule, getattr(training, name), name, _to_training(name), help=sentence)


def _to_training(name: str) -> Callable[[Any], None]:
    return lambda value: draft.set_training(**{name: value})
