"""The run being designed on the Build page, and every change to it.

The draft is the truth: widgets show it, and their callbacks change it. So nothing is lost when a page or an expander is
closed and its widgets forget their values.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from typing import Any

from lib.specs.adapting import adapted, own_start
from lib.specs.data import DataSpec
from lib.specs.layers.known import Layer
from lib.specs.model import ModelSpec
from lib.specs.places import kinds_for, new_layer
from lib.specs.recipes import RECIPES, Recipe, fitting, matching, on
from lib.specs.run import RunSpec
from lib.specs.training import OPTIMIZERS
from lib.ui.kit.key import Key
from lib.ui.session import own_visit, refusals
from lib.ui.session.state import ATTACHED_RUN, CHOSEN_RUN, DRAFT, EDITED, Draft
from lib.ui.session.steps import Steps

OWN = "own"
"""Stands in the place of a recipe's name where no recipe has these layers."""
_LAYERS_MADE = Key("draft_ids", 0)
_STEPS = Key("draft_steps", Steps())


def current() -> Draft:
    """The draft of this session. It is the simple CNN at first, and where this visitor may not see the draft's data."""
    draft = DRAFT.get()
    if draft is None or own_visit.closed(draft.spec.data.dataset):
        return put(RECIPES["simple_cnn"].run)
    return draft


def put(spec: RunSpec, ids: tuple[int, ...] | None = None, what: str = "") -> Draft:
    """Make a spec the draft; Undo brings the one before back. For a person's own changes use `change`.

    Args:
        spec: the run.
        ids: of its layers; new ones without it.
        what: is changed. Changes of the same thing in close order are one step for Undo; "" is a step in any case.
    """
    before, spec = DRAFT.get(), spec.from_seed  # Train draws weights anew; weights of a run are gone on from at Inside
    draft = Draft(spec, ids if ids is not None else tuple(fresh_id() for _ in spec.model.layers))
    if before is not None and not own_visit.closed(before.spec.data.dataset):
        _STEPS.set(_STEPS.get().changed(before, draft, what, time.monotonic()))
    DRAFT.set(draft)
    return draft


def put_again(spec: RunSpec) -> None:
    """Make a spec the draft that an address asks for: where it was the draft before, as it was then."""
    draft, spec = DRAFT.get(), spec.from_seed
    if draft is None or draft.spec == spec:
        put(spec, draft.ids if draft else None)
        return
    found = _STEPS.get().walked_to(spec, draft)
    if found is None:
        put(spec)
    else:
        _walk(*found)


def _walk(steps: Steps, draft: Draft) -> None:
    _STEPS.set(steps)
    DRAFT.set(draft)


def fresh_id() -> int:
    """The id of a layer that is new."""
    _LAYERS_MADE.set(_LAYERS_MADE.get() + 1)
    return _LAYERS_MADE.get()


def first_of(data: DataSpec) -> RunSpec:
    """What Build offers first for these data: their first recipe, or a small network where there is none."""
    recipes = list(fitting(data.dataset).values())
    return on(recipes[0], _with_its_points(recipes[0], data)) if recipes else own_start(data)


def _with_its_points(recipe: Recipe, data: DataSpec) -> DataSpec:
    """The data with points of the kind that a recipe was made for."""
    return dataclasses.replace(data, points_kind=recipe.run.data.points_kind) if data.kind == "points" else data


# --- the run that Build follows ------------------------------------------------------------------------------------


def attached_run() -> str:
    """Id of the run that Build follows, or ""."""
    return ATTACHED_RUN.get()


def attach(run_id: str) -> None:
    """Follow a run; it is also the one that Results shows next."""
    ATTACHED_RUN.set(run_id)
    CHOSEN_RUN.drop()


def open_new(spec: RunSpec) -> None:
    """Make a spec the draft, and follow no run: for the ways in to Build."""
    change(spec)
    attach("")


# --- Undo and Redo -------------------------------------------------------------------------------------------------


def can_undo() -> bool:
    """Whether there is a step to undo."""
    return bool(_STEPS.get().past)


def can_redo() -> bool:
    """Whether there is an undone step."""
    return bool(_STEPS.get().future)


def undo() -> None:
    """Take back the last step: of the data, the layers or the training."""
    _step(Steps.undone)


def redo() -> None:
    """Take the last Undo back."""
    _step(Steps.redone)


def _step(walk: Callable[[Steps, Draft], tuple[Steps, Draft]]) -> None:
    """Go one step. Drafts on data that are gone are left out."""
    steps, now = _STEPS.get(), current()
    while True:
        after, draft = walk(steps, now)
        dataset = draft.spec.data.dataset
        if not own_visit.closed(dataset):
            break
        steps = steps.without(dataset)
    EDITED.set(True)
    refusals.forget()
    _walk(after, draft)


# --- changes, called from widgets' callbacks -----------------------------------------------------------------------


def change(spec: RunSpec, ids: tuple[int, ...] | None = None, what: str = "") -> None:
    """Replace the draft because a person changed something; see `put` for the arguments."""
    EDITED.set(True)
    refusals.forget()
    put(spec, ids, what)


def choose_recipe(name: str) -> None:
    """Choose a recipe's layers and training, on the present dataset; `OWN` is a small start.

    Whoever has layers of their own keeps them: a browser may report what the list shows as if it were chosen, when a
    run of the page was cut short after the list had changed by itself.
    """
    spec = current().spec
    if name == OWN and spec.model.layers and matching(spec) is None:
        return
    data = spec.data
    change(own_start(data) if name == OWN else on(RECIPES[name], _with_its_points(RECIPES[name], data)))


def set_data(**values: Any) -> None:
    """Change fields of the data choice; the model's input and output follow."""
    draft = current()
    data = dataclasses.replace(draft.spec.data, **values)
    change(adapted(draft.spec, data), draft.ids, " ".join(values))


def set_training(**values: Any) -> None:
    """Change fields of the training; another optimizer brings its own default rate, unless a rate was chosen."""
    draft = current()
    training = draft.spec.training
    if "optimizer" in values and training.learning_rate == OPTIMIZERS[training.optimizer].learning_rate:
        values.setdefault("learning_rate", OPTIMIZERS[values["optimizer"]].learning_rate)
    change(
        dataclasses.replace(draft.spec, training=dataclasses.replace(training, **values)), draft.ids, " ".join(values)
    )


def set_option(layer_id: int, name: str, value: object) -> None:
    """Change one option of a layer.

    Raises:
        SpecError: the layer cannot have this value beside its others.
    """
    draft = current()
    place = draft.ids.index(layer_id)
    layers = list(draft.spec.model.layers)
    layers[place] = dataclasses.replace(layers[place], **{name: value})
    _set_layers(tuple(layers), draft.ids, f"{layer_id} {name}")


def move_layer(layer_id: int, by: int) -> None:
    """Move a layer up (`by=-1`) or down; nothing happens at the ends."""
    draft = current()
    here = draft.ids.index(layer_id)
    there = here + by
    if not 0 <= there < len(draft.ids):
        return
    layers, ids = list(draft.spec.model.layers), list(draft.ids)
    layers[here], layers[there] = layers[there], layers[here]
    ids[here], ids[there] = ids[there], ids[here]
    _set_layers(tuple(layers), tuple(ids))


def remove_layer(layer_id: int) -> None:
    """Take a layer out."""
    draft = current()
    left = [(i, layer) for i, layer in zip(draft.ids, draft.spec.model.layers, strict=True) if i != layer_id]
    _set_layers(tuple(layer for _, layer in left), tuple(i for i, _ in left))


def kinds_to_add() -> tuple[str, ...]:
    """The kinds of layers that can stand somewhere in the draft's stack."""
    return kinds_for(current().spec)


def add_layer(kind: str) -> int | None:
    """Put in a new layer at the last place where the stack works with it.

    Returns:
        The new layer's id; None where no such layer fits any more, and the draft stays as it is.
    """
    draft = current()
    new = new_layer(draft.spec, kind)
    if new is None:
        return None
    layers, ids = list(draft.spec.model.layers), list(draft.ids)
    layers.insert(new.place, new.layer)
    new_id = fresh_id()
    ids.insert(new.place, new_id)
    _set_layers(tuple(layers), tuple(ids))
    return new_id


def _set_layers(layers: tuple[Layer, ...], ids: tuple[int, ...], what: str = "") -> None:
    spec = current().spec
    change(dataclasses.replace(spec, model=ModelSpec(spec.model.input_shape, layers)), ids, what)
