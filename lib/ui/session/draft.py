"""The run being designed on the Build page, and the address that reopens it.

The draft is the truth; widgets show it and their callbacks change it, so no widget's own memory matters when a page or
an expander is closed. The address mirrors the draft after every run of the page.
"""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass
from typing import Any, cast

import streamlit as st

from lib.specs.adapting import USUAL_SCALING, adapted, own_start
from lib.specs.codec import from_query, to_query
from lib.specs.data import DataSpec
from lib.specs.datasets import DATASETS
from lib.specs.fields import SpecError
from lib.specs.layers.known import LAYERS, Dense, Layer
from lib.specs.model import ModelSpec
from lib.specs.recipes import RECIPES, Recipe, fitting, on
from lib.specs.run import RunSpec
from lib.specs.training import DEFAULT_RATES
from lib.ui.kit import lessons, words
from lib.ui.session import own_visit, visitor
from lib.ui.session.engine import find_run

OWN = "own"
CHOSEN = "results_run"
_DRAFT, _EDITED, _MIRROR, _RUN, _TROUBLE = "draft", "draft_edited", "draft_mirror", "run", "draft_trouble"
_CLOSED = "draft_closed"
# An address we wrote may reach the browser only after its next request left; for so long an older one is not news.
_ECHO_SECONDS = 2.0


@dataclass(frozen=True)
class Draft:
    """A run spec; `ids` name its layers for as long as they live, wherever they are moved."""

    spec: RunSpec
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Mirror:
    """The address as we last wrote it, the one before, and when."""

    address: dict[str, str]
    before: dict[str, str]
    written: float


def current() -> Draft:
    """The draft of this session."""
    if _DRAFT not in st.session_state or own_visit.closed(st.session_state[_DRAFT].spec.data.dataset):
        _put(RECIPES["simple_cnn"].run)
    return cast(Draft, st.session_state[_DRAFT])


def recipe_of(spec: RunSpec) -> Recipe | None:
    """The recipe whose layers a spec has, on any dataset of that shape; its training may have been changed."""
    recipes = fitting(spec.data.dataset).values()
    return next((recipe for recipe in recipes if adapted(recipe.run, spec.data).model == spec.model), None)


def attached_run() -> str:
    """Id of the run this page follows, or ""."""
    return str(st.session_state.get(_RUN, ""))


def attach(run_id: str) -> None:
    """Follow a run; it is also the one that Results shows next."""
    st.session_state[_RUN] = run_id
    st.session_state.pop(CHOSEN, None)


# --- the address ---------------------------------------------------------------------------------------------------


def read_address() -> list[str]:
    """Take over what the address says, unless we wrote it ourselves.

    Returns:
        Sentences about what in it could not be used; empty when all is well.
    """
    if st.session_state.pop(_EDITED, False):
        return []
    address, again = st.query_params.to_dict(), _closed_before()
    if not again and (not address or _is_echo(address)):
        return list(st.session_state.get(_TROUBLE, ()))
    troubles = _take_over(again or address)
    st.session_state[_TROUBLE] = troubles
    # Not before: a rerun may have cut the taking over short, and the next one must do it again.
    if again and st.session_state[_CLOSED][0] != visitor.owner():
        del st.session_state[_CLOSED]
        # The browser may show what we wrote meanwhile though it asked for the old address: have it written anew.
        st.query_params.clear()
    return troubles


def _closed_before() -> dict[str, str]:
    """The address whose data were not for a visitor whom the browser has named only afterwards, or nothing."""
    owner, address = st.session_state.get(_CLOSED, (visitor.owner(), {}))
    return {} if owner == visitor.owner() else dict(address)


def _is_echo(address: dict[str, str]) -> bool:
    mirror = cast(_Mirror | None, st.session_state.get(_MIRROR))
    if mirror is None:
        return False
    return address == mirror.address or (address == mirror.before and time.monotonic() - mirror.written < _ECHO_SECONDS)


def _take_over(address: dict[str, str]) -> list[str]:
    troubles = []
    whole, run_id = dict(address), address.pop("run", "")
    snapshot = find_run(run_id) if run_id else None
    attach(run_id if snapshot else "")
    if run_id and snapshot is None:
        name = words.escaped(f"{run_id!r:.40}")
        troubles.append(f"The address asks for the run {name}, which is not known here; it may have been deleted.")
    wanted = address.get("dataset", "") if address else snapshot.spec.data.dataset if snapshot else ""
    if own_visit.closed(wanted):
        st.session_state[_CLOSED] = (visitor.owner(), whole)
        troubles.append(lessons.text("own_data.closed"))
    elif address:
        if "layers" not in address:
            address = {**_usual(address.get("dataset", "")), **address}
        try:
            _put(from_query(address))
        except SpecError as error:
            troubles.append(
                f"The address could not be used: {words.escaped(str(error))}. The settings below do not come from it."
            )
    elif snapshot:
        _put(snapshot.spec)
    return troubles


def _usual(dataset: str) -> dict[str, str]:
    """What an address that names no layers leaves to us: the first recipe of the dataset."""
    if dataset not in DATASETS and not own_visit.is_own(dataset):
        return to_query(next(iter(RECIPES.values())).run)
    recipes = list(fitting(dataset).values())
    data = DataSpec(dataset=dataset)
    return to_query(on(recipes[0], _with_its_points(recipes[0], data)) if recipes else own_start(data))


def write_address() -> None:
    """Make the address say what the draft is, so that copying it is sharing."""
    wanted = to_query(current().spec)
    if attached_run():
        wanted["run"] = attached_run()
    mirror = cast(_Mirror | None, st.session_state.get(_MIRROR))
    if mirror is None or mirror.address != wanted:
        before = mirror.address if mirror else {}
        st.session_state[_MIRROR] = _Mirror(wanted, before, time.monotonic())
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


# --- changes, called from widgets' callbacks -----------------------------------------------------------------------


def _put(spec: RunSpec, ids: tuple[int, ...] | None = None) -> None:
    if ids is None:
        ids = tuple(_fresh_id() for _ in spec.model.layers)
    st.session_state[_DRAFT] = Draft(spec, ids)


def _fresh_id() -> int:
    st.session_state["draft_ids"] = st.session_state.get("draft_ids", 0) + 1
    return int(st.session_state["draft_ids"])


def change(spec: RunSpec, ids: tuple[int, ...] | None = None) -> None:
    """Replace the draft because a person changed something."""
    st.session_state[_EDITED] = True
    st.session_state.pop(_TROUBLE, None)
    st.session_state.pop(_CLOSED, None)
    _put(spec, ids)


def choose_dataset(name: str) -> None:
    """Another dataset: the same layers where they can take it, else its first recipe."""
    draft = current()
    data = dataclasses.replace(draft.spec.data, dataset=name, size="bundled", samples=0)
    recipe = recipe_of(draft.spec)
    same_shape = data.kind == draft.spec.data.kind and data.input_shape == draft.spec.data.input_shape
    if same_shape and (recipe is None or recipe.name in fitting(name)):
        change(adapted(draft.spec, data), draft.ids)
        return
    data = dataclasses.replace(data, scaling=USUAL_SCALING[data.kind])
    recipes = list(fitting(name).values())
    change(on(recipes[0], _with_its_points(recipes[0], data)) if recipes else own_start(data))


def choose_recipe(name: str) -> None:
    """A recipe's layers and training, on the dataset chosen before; `OWN` begins small."""
    data = current().spec.data
    change(own_start(data) if name == OWN else on(RECIPES[name], _with_its_points(RECIPES[name], data)))


def _with_its_points(recipe: Recipe, data: DataSpec) -> DataSpec:
    """Points of the kind that a recipe was made for."""
    return dataclasses.replace(data, points_kind=recipe.run.data.points_kind) if data.kind == "points" else data


def set_data(**values: Any) -> None:
    """Change fields of the data choice; the model's input and output follow."""
    draft = current()
    change(adapted(draft.spec, dataclasses.replace(draft.spec.data, **values)), draft.ids)


def set_training(**values: Any) -> None:
    """Change fields of the training; another optimizer brings its own default rate, unless a rate was chosen."""
    draft = current()
    training = draft.spec.training
    if "optimizer" in values and training.learning_rate == DEFAULT_RATES[training.optimizer]:
        values.setdefault("learning_rate", DEFAULT_RATES[values["optimizer"]])
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
    kept = [(i, layer) for i, layer in zip(draft.ids, draft.spec.model.layers, strict=True) if i != layer_id]
    _set_layers(tuple(layer for _, layer in kept), tuple(i for i, _ in kept))


def add_layer(kind: str) -> int:
    """Put a new layer where it can work: maps before the layer that flattens them, all else before the last Dense.

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
    """Index at which a new layer of this kind most likely belongs; see `add_layer`."""
    if kind.startswith(("Conv", "Max", "Average")):
        vectors = [i for i, layer in enumerate(layers) if layer.kind in ("Flatten", "GlobalAveragePooling2D")]
        return vectors[0] if vectors else len(layers)
    return len(layers) - 1 if len(layers) > 1 and isinstance(layers[-1], Dense) else len(layers)


def _set_layers(layers: tuple[Layer, ...], ids: tuple[int, ...]) -> None:
    spec = current().spec
    change(dataclasses.replace(spec, model=ModelSpec(spec.model.input_shape, layers)), ids)
