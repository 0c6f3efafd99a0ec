"""The run being designed on the Build page, and every change to it.

The draft is the truth: widgets show it, and their callbacks change it. So nothing is lost when a page or an expander is
closed and its widgets forget their values.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from lib.specs.adapting import USUAL_SCALING, adapted, own_start
from lib.specs.data import DataSpec
from lib.specs.layers.known import LAYERS, Dense, Flatten, Layer, ParallelConv2D
from lib.specs.layers.sliding import Conv, GlobalPooling, Pooling
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES, Recipe, fitting, on
from lib.specs.run import RunSpec
from lib.specs.training import OPTIMIZERS
from lib.ui.kit.key import Key
from lib.ui.session import own_visit, refusals
from lib.ui.session.state import ATTACHED_RUN, CHOSEN_RUN, DRAFT, EDITED, Draft

OWN = "own"
"""Stands in the place of a recipe's name where no recipe has these layers."""
_LAYERS_MADE = Key("draft_ids", 0)


def current() -> Draft:
    """The draft of this session. It is the simple CNN at first, and where this visitor may not see the draft's data."""
    draft = DRAFT.get()
    if draft is None or own_visit.closed(draft.spec.data.dataset):
        return put(RECIPES["simple_cnn"].run)
    return draft


def put(spec: RunSpec, ids: tuple[int, ...] | None = None) -> Draft:
    """Make a spec the draft. For a person's own changes use `change`.

    Args:
        spec: the run.
        ids: of its layers; new ones without it.
    """
    draft = Draft(spec, ids if ids is not None else tuple(_fresh_id() for _ in spec.model.layers))
    DRAFT.set(draft)
    return draft


def _fresh_id() -> int:
    _LAYERS_MADE.set(_LAYERS_MADE.get() + 1)
    return _LAYERS_MADE.get()


def recipe_of(spec: RunSpec) -> Recipe | None:
    """The recipe whose layers a spec has, on any dataset of that shape. The training may differ from the recipe's."""
    recipes = fitting(spec.data.dataset).values()
    return next((recipe for recipe in recipes if adapted(recipe.run, spec.data).model == spec.model), None)


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


# --- changes, called from widgets' callbacks -----------------------------------------------------------------------


def change(spec: RunSpec, ids: tuple[int, ...] | None = None) -> None:
    """Replace the draft because a person changed something; see `put` for the arguments."""
    EDITED.set(True)
    refusals.forget()
    put(spec, ids)


def choose_dataset(name: str) -> None:
    """Choose another dataset. The layers stay where they fit to it; else its first recipe comes."""
    draft = current()
    data = dataclasses.replace(draft.spec.data, dataset=name, size="bundled", samples=0)
    recipe = recipe_of(draft.spec)
    same_shape = data.kind == draft.spec.data.kind and data.input_shape == draft.spec.data.input_shape
    if same_shape and (recipe is None or recipe.name in fitting(name)):
        change(adapted(draft.spec, data), draft.ids)
        return
    change(first_of(dataclasses.replace(data, scaling=USUAL_SCALING[data.kind])))


def choose_recipe(name: str) -> None:
    """Choose a recipe's layers and training, on the present dataset; `OWN` is a small start."""
    data = current().spec.data
    change(own_start(data) if name == OWN else on(RECIPES[name], _with_its_points(RECIPES[name], data)))


def set_data(**values: Any) -> None:
    """Change fields of the data choice; the model's input and output follow."""
    draft = current()
    change(adapted(draft.spec, dataclasses.replace(draft.spec.data, **values)), draft.ids)


def set_training(**values: Any) -> None:
    """Change fields of the training; another optimizer brings its own default rate, unless a rate was chosen."""
    draft = current()
    training = draft.spec.training
    if "optimizer" in values and training.learning_rate == OPTIMIZERS[training.optimizer].learning_rate:
        values.setdefault("learning_rate", OPTIMIZERS[values["optimizer"]].learning_rate)
    change(dataclasses.replace(draft.spec, training=dataclasses.replace(training, **values)), draft.ids)


def set_option(layer_id: int, name: str, value: object) -> None:
    """Change one option of a layer.

    Raises:
        SpecError: the layer cannot have this value beside its others.
    """
    draft = current()
    place = draft.ids.index(layer_id)
    layers = list(draft.spec.model.layers)
    layers[place] = dataclasses.replace(layers[place], **{name: value})
    _set_layers(tuple(layers), draft.ids)


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


def add_layer(kind: str) -> int:
    """Put in a new layer: one with a window before the maps become a vector, any other before the last Dense.

    Returns:
        The new layer's id.

    Raises:
        SpecError: there are too many layers.
    """
    draft = current()
    layers, ids = list(draft.spec.model.layers), list(draft.ids)
    place = insertion_place(tuple(layers), kind)
    layers.insert(place, LAYERS[kind]())
    new_id = _fresh_id()
    ids.insert(place, new_id)
    _set_layers(tuple(layers), tuple(ids))
    return new_id


def insertion_place(layers: tuple[Layer, ...], kind: str) -> int:
    """Index for a new layer of this kind; see `add_layer`."""
    if issubclass(LAYERS[kind], Conv | Pooling | ParallelConv2D):
        ends = (place for place, layer in enumerate(layers) if isinstance(layer, Flatten | GlobalPooling))
        return next(ends, len(layers))
    return len(layers) - 1 if len(layers) > 1 and isinstance(layers[-1], Dense) else len(layers)


def _set_layers(layers: tuple[Layer, ...], ids: tuple[int, ...]) -> None:
    spec = current().spec
    change(dataclasses.replace(spec, model=ModelSpec(spec.model.input_shape, layers)), ids)
