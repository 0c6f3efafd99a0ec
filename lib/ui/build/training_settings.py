"""The training and data options of the draft, and the learning rate that also steers a run under way."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import streamlit as st

from lib.engine.errors import EngineError
from lib.engine.runs.snapshot import RunSnapshot
from lib.errors import DataError, SetUpError
from lib.specs.data import DataSpec
from lib.specs.fields import Number, rules
from lib.specs.run import RunSpec
from lib.specs.training import OPTIMIZERS, TrainSpec
from lib.ui.build.craft_settings import craft_settings
from lib.ui.kit import lessons
from lib.ui.kit.key import Key
from lib.ui.kit.opened import Opened
from lib.ui.kit.options import number_field, option, stepped_slider, steps_of
from lib.ui.kit.question_note import ask
from lib.ui.kit.samples_slider import samples_slider
from lib.ui.session import draft
from lib.ui.session.engine import engine
from lib.ui.session.state import STEERED_RUN

_MORE = Opened("more_settings", "more")
_LIVE_RATE = Key("live_rate", ("", 0.0))
"""The run whose learning rate was changed last, and that rate: the run itself tells it with its next batch only."""
_RATE_TROUBLE = Key("live_rate_trouble", "")


def training_settings(run: RunSnapshot | None) -> None:
    """Show the settings.

    Args:
        run: the run under way that this visitor steers, or None.
    """
    training = draft.current().spec.training
    with st.container(key="training_settings"):
        _learning_rate(training, run)
        _number(training, "epochs")
        for_the_next_run(run, "training")
        _one(training, "batch_size")
        st.caption(_batches(draft.current().spec))
        _one(training, "optimizer")
        for name in OPTIMIZERS[training.optimizer].options:
            _one(training, name)
        with _MORE.heading("More settings", ":material/tune:") as more:
            if more.open:
                _more(training, draft.current().spec.data)


def for_the_next_run(run: RunSnapshot | None, part: str) -> None:
    """Say which changes do not concern the run under way. Its learning rate is the one thing that can be changed.

    Args:
        run: the run under way that this visitor steers, or None.
        part: of the settings: training, or layers.
    """
    if run is None:
        return
    now, then = draft.current().spec, run.spec
    if part == "layers":
        if now.model != then.model:
            st.caption(lessons.text("build.layers_for_the_next_run"))
        return
    fields = [*_changed(now.training, then.training), *_changed(now.data, then.data)]
    if fields:
        names = ", ".join(f"**{name}**" for name in fields)
        st.caption(lessons.text("build.for_the_next_run", names=names, epochs=f"{run.epochs:,}"))


def _changed(now: DataSpec | TrainSpec, then: DataSpec | TrainSpec) -> list[str]:
    """Names of the fields that differ, without the learning rate: the slider changes the run's own."""
    names = (name for name in rules(now) if name != "learning_rate")
    return [name for name in names if getattr(now, name) != getattr(then, name)]


def _one(training: TrainSpec, name: str) -> None:
    rule = rules(TrainSpec)[name]
    option(name, rule, getattr(training, name), name, _to_training(name), help=lessons.text(f"build.{name}"))


def _to_training(name: str) -> Callable[[Any], None]:
    return lambda value: draft.set_training(**{name: value})


def _number(training: TrainSpec, name: str) -> None:
    """Show a field for a whole number whose range is too wide for a slider."""
    rule, value = rules(TrainSpec)[name], getattr(training, name)
    assert isinstance(rule, Number)
    number_field(name, rule, value, name, _to_training(name), help=lessons.text(f"build.{name}"))


def _learning_rate(training: TrainSpec, run: RunSnapshot | None) -> None:
    """Show the slider. While a run is under way it changes that run from its next batch on, else the next run."""
    rule = rules(TrainSpec)["learning_rate"]
    assert isinstance(rule, Number)
    label, rate = "learning_rate", training.learning_rate
    if run is not None:
        asked = _LIVE_RATE.get()
        label, rate = "learning_rate of the run under way", asked[1] if asked[0] == run.id else run.learning_rate
    rate = float(f"{rate:.6g}")  # a rate comes from a run as float32, with digits behind it that nobody chose
    help_text = lessons.text("build.learning_rate")
    stepped_slider(label, steps_of(rule), rate, "learning_rate", _change_rate, help=help_text)
    trouble = _RATE_TROUBLE.take()
    if trouble:
        st.warning(trouble)


def _change_rate(rate: float) -> None:
    """Change the learning rate of the run that this visitor steers; without such a run, that of the draft."""
    run_id = STEERED_RUN.get()
    if not run_id:
        draft.set_training(learning_rate=rate)
        return
    try:
        engine().set_learning_rate(run_id, rate)
        _LIVE_RATE.set((run_id, rate))
    except (EngineError, SetUpError, DataError) as error:
        _RATE_TROUBLE.set(str(error))


def _more(training: TrainSpec, data: DataSpec) -> None:
    _one(training, "loss")
    _validation(training, data)
    ask("which_samples")
    option("scaling", rules(DataSpec)["scaling"], data.scaling, "scaling", _to_data("scaling"),
           help=lessons.text("build.scaling"))  # fmt: skip
    samples_slider(data, "samples", _to_data("samples"))
    _number(training, "seed")
    craft_settings(draft.current().spec)
    ask("epoch", "batch_size", "learning_rate", "how_many_epochs")


def _batches(run: RunSpec) -> str:
    """How many batches an epoch has, with the numbers filled in."""
    samples, size = run.training_samples(), run.training.batch_size
    batches = math.ceil(samples / size)
    return lessons.text("build.batches", samples=f"{samples:,}", size=f"{size:,}", batches=f"{batches:,}")


def _validation(training: TrainSpec, data: DataSpec) -> None:
    """Ask which samples the network is validated on: a share of them, or one of several folds."""
    if not data.folds:
        _one(training, "validation_split")
    rule = rules(DataSpec)["folds"]
    assert isinstance(rule, Number)
    stepped_slider(
        "folds", (0, *range(2, int(rule.high) + 1)), data.folds, "folds", _to_folds, help=lessons.text("build.folds"),
        words=lambda number: f"{number:g}" if number else "none",
    )  # fmt: skip
    if data.folds:
        option("fold", Number(1, data.folds), data.fold, "fold", _to_data("fold"), help=lessons.text("build.fold"))


def _to_folds(folds: float) -> None:
    """Cut the samples into so many folds; the chosen fold stays where there are enough of them."""
    draft.set_data(folds=int(folds), fold=max(1, min(draft.current().spec.data.fold, int(folds))))


def _to_data(name: str) -> Callable[[Any], None]:
    return lambda value: draft.set_data(**{name: value})
