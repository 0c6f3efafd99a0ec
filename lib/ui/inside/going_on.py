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
from lib.specs.changes import Changes, to_text
from lib.specs.data import DataSpec
from lib.specs.datasets import DATASETS, POINT_KINDS
from lib.specs.differences import START, difference, in_words
from lib.specs.fields import Number, rules
from lib.specs.run import RunSpec
from lib.specs.start import Start
from lib.specs.training import OPTIMIZERS, TrainSpec
from lib.ui.inside.first_weights import first_weights
from lib.ui.kit import lessons, links, words
from lib.ui.kit.key import Key
from lib.ui.kit.options import number_field, option, pin, stepped_slider, steps_of
from lib.ui.kit.samples_slider import samples_slider
from lib.ui.session import draft, visitor
from lib.ui.session.engine import engine, settings


@dataclass(frozen=True, slots=True)
class Plan:
    """What the new run is to do differently.

    Attributes:
        run: id of the run that it goes on from.
        data, training: of the new run.
        frozen: names of layers whose weights stay as they are.
    """

    run: str
    data: DataSpec
    training: TrainSpec
    frozen: tuple[str, ...] = ()

    def spec(self, run: RunSnapshot, start: Start | None) -> RunSpec:
        """The new run."""
        return RunSpec(self.data, run.spec.model, self.training, start)


Weights = dict[str, NDArray[Any]]
_PLAN: Key[Plan | None] = Key("inside_plan", None)
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
    with st.expander(title, icon=":material/fork_right:", key="going_on", on_change="rerun") as more:
        if more.open:
            _choices(run, Begin(epoch, to_text(changes), weights))


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


def _choices(run: RunSnapshot, begin: Begin) -> None:
    plan = _PLAN.get()
    if plan is None or plan.run != run.id:
        plan = Plan(run.id, run.spec.data, run.spec.training)
    _PLAN.set(plan)
    lessons.show("inside.go_on", epoch=begin.epoch)
    if begin.by_hand:
        lessons.show("inside.train_on_by_hand")
    left, right = st.columns(2)
    with left:
        _training(plan)
    with right:
        _data(plan)
        _frozen(plan, run)
    _buttons(plan, run, begin)


def _training(plan: Plan) -> None:
    training, table = plan.training, rules(TrainSpec)
    rate, epochs = table["learning_rate"], table["epochs"]
    assert isinstance(rate, Number)
    assert isinstance(epochs, Number)
    stepped_slider(
        "learning_rate", steps_of(rate), training.learning_rate, "on_learning_rate", _to_training("learning_rate")
    )
    option("optimizer", table["optimizer"], training.optimizer, "on_optimizer", _to_training("optimizer"))
    number_field("epochs", epochs, training.epochs, "on_epochs", _to_training("epochs"))


def _to_training(name: str) -> Callable[[Any], None]:
    def change(value: Any) -> None:
        plan = _PLAN.get()
        if plan is not None:
            _PLAN.set(dataclasses.replace(plan, training=_with(plan.training, name, value)))

    return change


def _with(training: TrainSpec, name: str, value: Any) -> TrainSpec:
    """The training with one field changed; another optimizer brings its own usual rate, unless a rate was chosen."""
    values = {name: value}
    if name == "optimizer" and training.learning_rate == OPTIMIZERS[training.optimizer].learning_rate:
        values["learning_rate"] = OPTIMIZERS[value].learning_rate
    return dataclasses.replace(training, **values)


def _set_data(data: DataSpec) -> None:
    plan = _PLAN.get()
    if plan is not None:
        _PLAN.set(dataclasses.replace(plan, data=data))


def _data(plan: Plan) -> None:
    """Show which other data these weights fit, and how many samples of them are used."""
    data, offered = plan.data, fitting_data(plan.data)
    if data.kind == "text":
        st.caption(lessons.text("inside.go_on_words"))
        return
    if len(offered) > 1:
        present = data.points_kind if data.kind == "points" else data.dataset
        pin(_DATA.name, present)
        st.selectbox(
            "Train on", list(offered), list(offered).index(present), key=_DATA.name,
            format_func=lambda name: DATASETS[name].title if name in DATASETS else name,
            on_change=lambda: _set_data(offered[_DATA.get()]),
        )  # fmt: skip
    if data.kind != "points":
        samples_slider(data, "on_samples", lambda number: _set_data(dataclasses.replace(data, samples=int(number))))


def fitting_data(data: DataSpec) -> dict[str, DataSpec]:
    """Data that a network for these data takes as it is: of the same shape, with as many classes.

    Args:
        data: which the network has learned from. Ids of words mean something in their own sentences only, and the
            columns of a table in their own table only.

    >>> list(fitting_data(DataSpec("mnist"))), list(fitting_data(DataSpec("wine")))
    (['mnist', 'fashion_mnist'], ['wine'])
    """
    if data.kind == "points":
        classes = POINT_KINDS[data.points_kind]
        return {
            kind: dataclasses.replace(data, points_kind=kind) for kind, count in POINT_KINDS.items() if count == classes
        }
    if data.kind != "images" or data.facts.own:
        return {data.dataset: data}
    facts = data.facts
    return {
        name: data if name == data.dataset else dataclasses.replace(data, dataset=name, size="bundled")
        for name, other in DATASETS.items()
        if other.input_shape == facts.input_shape and len(other.class_names) == len(facts.class_names)
    }


def _frozen(plan: Plan, run: RunSnapshot) -> None:
    learners = list(run.spec.model.learners)
    if len(learners) < 2:
        return

    def change() -> None:
        chosen = tuple(name for name in learners if name in _FROZEN.get())
        _PLAN.set(dataclasses.replace(plan, frozen=chosen))

    pin(_FROZEN.name, list(plan.frozen))
    st.multiselect(
        "Frozen layers", learners, list(plan.frozen), key=_FROZEN.name, on_change=change,
        help=lessons.text("inside.freeze"), placeholder="none",
    )  # fmt: skip


def _buttons(plan: Plan, run: RunSnapshot, begin: Begin) -> None:
    spec = plan.spec(run, Start(run.id, begin.epoch, plan.frozen, begin.by_hand))
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
            _begin(plan.spec(run, None if seeded else Start(run.id, 0, plan.frozen)), first)


def _begin(spec: RunSpec, weights: Weights) -> None:
    """Put the new run in line, and follow it on Build."""
    try:
        run_id = engine().go_on(spec, visitor.owner(), weights)
    except (EngineError, SetUpError, DataError) as error:
        st.error(words.escaped(str(error)), icon=":material/error:")
        return
    draft.attach(run_id)
    links.go("build", {"run": run_id})
