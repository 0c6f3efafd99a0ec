"""What a run that goes on from another one is to do differently, and the short text for it in the address."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from lib.specs.data import DataSpec
from lib.specs.datasets import DATASETS, POINT_KINDS
from lib.specs.fields import SpecError, rules
from lib.specs.one_change import read_value
from lib.specs.run import RunSpec
from lib.specs.start import Start
from lib.specs.training import OPTIMIZERS, TrainSpec

_SETTINGS = ("learning_rate", "optimizer", "epochs")
_MOST_LETTERS = 600


@dataclass(frozen=True, slots=True)
class Plan:
    """What the new run is to do differently.

    Attributes:
        data, training: of the new run.
        frozen: names of layers whose weights stay as they are.
    """

    data: DataSpec
    training: TrainSpec
    frozen: tuple[str, ...] = ()

    def spec(self, run: RunSpec, start: Start | None) -> RunSpec:
        """The new run."""
        return RunSpec(self.data, run.model, self.training, start)


def with_setting(plan: Plan, name: str, value: Any) -> Plan:
    """Another value of a training's setting; another optimizer brings its own usual rate, unless a rate was chosen."""
    training, values = plan.training, {name: value}
    if name == "optimizer" and training.learning_rate == OPTIMIZERS[training.optimizer].learning_rate:
        values["learning_rate"] = OPTIMIZERS[value].learning_rate
    return dataclasses.replace(plan, training=dataclasses.replace(training, **values))


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


def name_of(data: DataSpec) -> str:
    """What these data are called among those that fit."""
    return data.points_kind if data.kind == "points" else data.dataset


def to_text(run: RunSpec, plan: Plan) -> str:
    """What differs from the run, as text; "" where nothing does.

    >>> from lib.specs.recipes import RECIPES
    >>> run = RECIPES["simple_cnn"].run
    >>> to_text(run, with_setting(Plan(run.data, run.training, ("dense",)), "epochs", 3))
    'epochs:3;frozen:dense'
    """
    parts = [
        f"{name}:{getattr(plan.training, name)}"
        for name in _SETTINGS
        if getattr(plan.training, name) != getattr(run.training, name)
    ]
    if name_of(plan.data) != name_of(run.data):
        parts.append(f"data:{name_of(plan.data)}")
    if plan.data.samples != run.data.samples:
        parts.append(f"samples:{plan.data.samples}")
    if plan.frozen:
        parts.append(f"frozen:{','.join(plan.frozen)}")
    return ";".join(parts)


def from_text(run: RunSpec, text: str) -> Plan:
    """Read `to_text` again.

    Raises:
        SpecError: a part that is none, or that this run cannot have.
    """
    plan = Plan(run.data, run.training)
    if len(text) > _MOST_LETTERS:
        raise SpecError(f"a plan must be told in at most {_MOST_LETTERS} letters, not {len(text)}")
    for part in text.split(";") if text else []:
        plan = _with_part(run, plan, *part.partition(":")[::2])
    return plan


def _with_part(run: RunSpec, plan: Plan, name: str, said: str) -> Plan:
    if name in _SETTINGS:
        value = read_value(rules(TrainSpec)[name], said)
        return dataclasses.replace(plan, training=dataclasses.replace(plan.training, **{name: value}))
    if name == "data" and said in fitting_data(run.data):
        samples = plan.data.samples
        return dataclasses.replace(plan, data=dataclasses.replace(fitting_data(run.data)[said], samples=samples))
    if name == "samples":
        value = read_value(rules(DataSpec)["samples"], said)
        return dataclasses.replace(plan, data=dataclasses.replace(plan.data, samples=value))
    if name == "frozen" and {*said.split(",")} <= {*run.model.learners}:
        return dataclasses.replace(plan, frozen=tuple(each for each in run.model.learners if each in said.split(",")))
    raise SpecError(f"{name}:{said} is nothing that a run which goes on can do differently"[:120])
