"""Train on from an epoch that is kept, with another setting; or begin again with the same first weights."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st
from numpy.typing import NDArray

from lib.engine.errors import EngineError
from lib.engine.runs.snapshot import RunSnapshot
from lib.errors import DataError, SetUpError
from lib.specs import changes as by_hand
from lib.specs.changes import Changes
from lib.specs.data import DataSpec
from lib.specs.datasets import DATASETS
from lib.specs.differences import START, difference, in_words
from lib.specs.fields import Number, SpecError, rules
from lib.specs.run import RunSpec
from lib.specs.start import Start
from lib.specs.training import TrainSpec
from lib.ui.inside.first_weights import first_weights
from lib.ui.inside.plan import Plan, fitting_data, from_text, name_of, to_text, with_setting
from lib.ui.kit import lessons, links, words
from lib.ui.kit.key import Key
from lib.ui.kit.noted import Noted
from lib.ui.kit.opened import Opened
from lib.ui.kit.options import number_field, option, pin, stepped_slider, steps_of
from lib.ui.kit.samples_slider import samples_slider
from lib.ui.session import draft, visitor
from lib.ui.session.engine import engine, settings

Weights = dict[str, NDArray[Any]]
Put = Callable[[Plan], None]
_OPENED = Opened("going_on")
_FROZEN: Key[list[str]] = Key("on_frozen", [])
_DATA = Key("on_data", "")


def going_on(run: RunSnapshot, epoch: int, weights: Weights, changes: Changes) -> None:
    """Offer the new run, behind a heading to open.

    Args:
        run: the run.
        epoch: the chosen one.
        weights: of that epoch, by name, with the changes.
        changes: made by hand.
    """
    title = f"Train on from epoch {epoch}, changed by hand" if changes else f"Go on from epoch {epoch}"
    with _OPENED.heading(title, ":material/fork_right:") as more:
        if more.open:
            _choices(run, Begin(epoch, by_hand.to_text(changes), weights))


@dataclass(frozen=True, slots=True, eq=False)
class Begin:
    """What the new run would begin with.

    Attributes:
        epoch: of the run that is looked at.
        by_hand: the changes, as text.
        weights: by name, with the changes.
    """

    epoch: int
    by_hand: str
    weights: Weights


def _noted(run: RunSnapshot) -> Noted[str]:
    """Where the plan is noted, as text."""

    def read(text: str) -> str | None:
        try:
            return to_text(run.spec, from_text(run.spec, text))
        except SpecError:
            return None

    return Noted(f"inside_plan_{run.id}", "plan", "", read)


def _choices(run: RunSnapshot, begin: Begin) -> None:
    plan = from_text(run.spec, _noted(run).shown())
    lessons.show("inside.go_on", epoch=begin.epoch)
    if begin.by_hand:
        lessons.show("inside.train_on_by_hand")

    def put(other: Plan) -> None:
        _noted(run).set(to_text(run.spec, other))

    left, right = st.columns(2)
    with left:
        _training(plan, put)
    with right:
        _data(plan, put)
        _frozen(plan, run, put)
    _buttons(plan, run, begin)


def _training(plan: Plan, put: Put) -> None:
    training, table = plan.training, rules(TrainSpec)
    rate, epochs = table["learning_rate"], table["epochs"]
    assert isinstance(rate, Number)
    assert isinstance(epochs, Number)

    def to(name: str) -> Callable[[Any], None]:
        return lambda value: put(with_setting(plan, name, value))

    stepped_slider("learning_rate", steps_of(rate), training.learning_rate, "on_learning_rate", to("learning_rate"))
    option("optimizer", table["optimizer"], training.optimizer, "on_optimizer", to("optimizer"))
    number_field("epochs", epochs, training.epochs, "on_epochs", to("epochs"))


def _data(plan: Plan, put: Put) -> None:
    """Show which other data these weights fit, and how many samples of them are used."""
    data, offered = plan.data, fitting_data(plan.data)
    if data.kind == "text":
        st.caption(lessons.text("inside.go_on_words"))
        return

    def put_data(other: DataSpec) -> None:
        put(dataclasses.replace(plan, data=other))

    if len(offered) > 1:
        present = name_of(data)
        pin(_DATA.name, present)
        st.selectbox(
            "Train on", list(offered), list(offered).index(present), key=_DATA.name,
            format_func=lambda name: DATASETS[name].title if name in DATASETS else name,
            on_change=lambda: put_data(offered[_DATA.get()]),
        )  # fmt: skip
    if data.kind != "points":
        samples_slider(data, "on_samples", lambda number: put_data(dataclasses.replace(data, samples=int(number))))


def _frozen(plan: Plan, run: RunSnapshot, put: Put) -> None:
    learners = list(run.spec.model.learners)
    if len(learners) < 2:
        return

    def change() -> None:
        chosen = tuple(name for name in learners if name in _FROZEN.get())
        put(dataclasses.replace(plan, frozen=chosen))

    pin(_FROZEN.name, list(plan.frozen))
    st.multiselect(
        "Frozen layers", learners, list(plan.frozen), key=_FROZEN.name, on_change=change,
        help=lessons.text("inside.freeze"), placeholder="none",
    )  # fmt: skip


def _buttons(plan: Plan, run: RunSnapshot, begin: Begin) -> None:
    spec = plan.spec(run.spec, Start(run.id, begin.epoch, plan.frozen, begin.by_hand))
    # Where its first weights come from is said by the button.
    differs = in_words([change for change in difference(run.spec, spec) if change[0] != START])
    said = ", ".join(differs) if differs else lessons.text("inside.no_difference")
    st.caption(lessons.text("inside.differs", what=said))
    problem = spec.problem(settings())
    if problem:
        st.error(words.escaped(problem), icon=":material/block:")
    with st.container(horizontal=True):
        go = st.button(
            "Train on from this" if begin.by_hand else f"Go on from epoch {begin.epoch}", key="go_on", type="primary",
            icon=":material/fork_right:", disabled=bool(problem),
        )  # fmt: skip
        again = st.button(
            "Same start again", key="same_start", icon=":material/replay:", disabled=bool(problem),
            help=lessons.text("inside.same_start"),
        )  # fmt: skip
    if go and (begin.epoch or begin.by_hand):
        _begin(spec, begin.weights)
    elif again or go:
        first = first_weights(run)
        if first is not None:
            # A seed draws the same first weights again; frozen layers need them as they are.
            seeded = run.spec.start is None and not run.brought and not plan.frozen
            _begin(plan.spec(run.spec, None if seeded else Start(run.id, 0, plan.frozen)), first)


def _begin(spec: RunSpec, weights: Weights) -> None:
    """Put the new run in line, and follow it on Build."""
    try:
        run_id = engine().go_on(spec, visitor.owner(), weights)
    except (EngineError, SetUpError, DataError) as error:
        st.error(words.escaped(str(error)), icon=":material/error:")
        return
    draft.attach(run_id)
    links.go("build", {"run": run_id})
