"""What each filter looks for: its learned kernel, the patches of test images that it answers to most, and dead ones."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.strongest import Strongest
from lib.engine.runs.snapshot import RunSnapshot
from lib.figures.inside.filters import (
    MOST_SHOWN,
    Picture,
    gallery,
    kernel_picture,
    kernels_of,
    layers_with_units,
    limit_of,
    patch,
    seen_by,
    sees_pixels,
)
from lib.specs.layers.known import Dense, Embedding, Recurrent
from lib.ui.inside.epoch_choice import playing
from lib.ui.inside.many import test_steps, validation_samples, validation_steps
from lib.ui.inside.near_words import near_words
from lib.ui.inside.refusal import samples_told
from lib.ui.inside.unit_weights import unit_weights
from lib.ui.kit import lessons, unusable, words
from lib.ui.kit.choice import Choice
from lib.ui.kit.component import component, whole
from lib.ui.kit.fragment import fragment
from lib.ui.kit.key import Key
from lib.ui.results.run_answers import test_part
from lib.ui.session.asked import in_steps
from lib.ui.session.engine import engine
from lib.ui.session.state import LOOKED_AT

_UNIT = Key("filter_unit", 0)
_KERNELS: Key[Any] = Key("filter_kernels", None)
_PATCHES: Key[Any] = Key("filter_patches", None)
_PATCH_SIDE = 84
_MOST_NAMED = 40
"""Dead units that are named."""

Values = NDArray[np.float32]
Weights = dict[str, NDArray[Any]]


@fragment
@unusable.told()
@samples_told()
def filters_view(run: RunSnapshot, epoch: int, weights: Weights) -> None:
    """Show what the units of a layer look for.

    Args:
        run: the run.
        epoch: whose weights these are.
        weights: by name.
    """
    if LOOKED_AT.get() is not None:
        st.rerun()  # a patch was clicked: the whole page shows its image
    model = run.spec.model
    lessons.show("inside.filters")
    tables = [
        name for name, layer in zip(model.layer_names(), model.layers, strict=True) if isinstance(layer, Embedding)
    ]
    offered = (*tables, *layers_with_units(model))
    left, right = st.columns(2)
    with left:
        briefs = {name: f"{name} {model.layers[model.layer_names().index(name)].brief}".strip() for name in offered}
        layer = Choice("filter_layer", briefs, offered[0]).listed("Layer")
    if layer in tables:
        near_words(run, weights[f"{layer}/embeddings"])
        return
    units = model.shapes()[model.layer_names().index(layer)][-1]
    noun = _noun(run, layer)
    with right:
        unit = Choice(_UNIT.name, {place: f"{noun} {place}" for place in range(units)}, 0).listed(noun.capitalize())
    kernels = st.container()
    dead = _dead(run, epoch, layer)
    with kernels:
        _kernels(run, layer, weights, unit, dead)
    if dead is None:
        return
    _told_dead(run, layer, dead)
    if run.spec.data.kind == "images":
        _patches(run, epoch, layer, unit)


def _noun(run: RunSnapshot, layer: str) -> str:
    found = run.spec.model.layers[run.spec.model.layer_names().index(layer)]
    return "unit" if isinstance(found, Dense | Recurrent) else "filter"


# --- kernels -------------------------------------------------------------------------------------------------------


def _kernels(run: RunSnapshot, layer: str, weights: Weights, unit: int, dead: dict[int, float] | None) -> None:
    """Show the kernels of a layer; of one with many channels those of the chosen filter, channel by channel."""
    model, noun = run.spec.model, _noun(run, layer)
    kernels = kernels_of(model, layer, weights)
    if kernels is None:
        unit_weights(run, layer, weights, unit)
        return
    channels = kernels[0].shape[2]
    newest = kernels_of(model, layer, engine().weights(run.id) or weights) or kernels
    limit = limit_of(newest)
    coloured = channels == 3 and sees_pixels(model, layer)
    if coloured or channels == 1:
        lessons.show("inside.kernels_coloured" if coloured else "inside.kernels", limit=f"{limit:.3g}")
        shown = [
            _kernel(kernel if coloured else kernel[:, :, 0], limit, place, noun, dead)
            for place, kernel in enumerate(kernels[:MOST_SHOWN])
        ]
        with st.container(key="filter_gallery"):
            data = gallery(shown, f"the kernels of {layer}", chosen=unit)
            component("gallery")(key=_KERNELS.name, data=whole(data), on_chosen_change=lambda: _choose(len(kernels)))
        _more(len(kernels), f"{noun}s")
        return
    lessons.show("inside.kernels_by_channel", noun=noun, unit=unit, limit=f"{limit:.3g}")
    by_channel = [
        _kernel(kernels[unit][:, :, channel], limit, channel, "channel", None)
        for channel in range(min(channels, MOST_SHOWN))
    ]
    with st.container(key="filter_gallery"):
        data = gallery(by_channel, f"the kernel of {noun} {unit}, by channel", still=True)
        component("gallery")(key="filter_channels", data=whole(data))
    _more(channels, "channels")


def _kernel(kernel: Values, limit: float, place: int, noun: str, dead: dict[int, float] | None) -> Picture:
    is_dead = dead is not None and place in dead
    said = f"{noun} {place}, weights from {kernel.min():.3g} to {kernel.max():.3g}" + (", dead" if is_dead else "")
    return Picture(kernel_picture(kernel, limit), str(place), "dead" if is_dead else "", is_dead, said)


def _choose(units: int) -> None:
    """Take over which kernel was clicked. A browser may send anything: it must be one of the layer."""
    told = _KERNELS.get()
    match None if told is None else told.get("chosen"):
        case int(place) if not isinstance(place, bool) and 0 <= place < units:
            _UNIT.set(place)


def _more(all_: int, noun: str) -> None:
    if all_ > MOST_SHOWN:
        st.caption(lessons.text("inside.more_kernels", shown=MOST_SHOWN, all=all_, noun=noun))


# --- dead units ----------------------------------------------------------------------------------------------------


def _dead(run: RunSnapshot, epoch: int, layer: str) -> dict[int, float] | None:
    """The units of a layer that always give the same, with what they give; None while a worker looks for them.

    All layers are looked at in one go, so that another layer is told at once.
    """
    if playing():
        st.caption(lessons.text("inside.no_film_many"))
        return None
    opened, layers = engine(), layers_with_units(run.spec.model)
    steps = validation_steps(
        run, lessons.text("inside.counting_dead"), f"ranges {run.id} {epoch}",
        lambda span: opened.looks.ranges(run.id, epoch, layers, span),
    )  # fmt: skip
    found = in_steps(steps, "filter_dead")
    if len(found) < len(steps):
        return None
    low = np.minimum.reduce([each[layer][0] for each in found])
    high = np.maximum.reduce([each[layer][1] for each in found])
    return {int(unit): float(low[unit]) for unit in np.flatnonzero(low == high)}


def _told_dead(run: RunSnapshot, layer: str, dead: dict[int, float]) -> None:
    validation = validation_samples(run)
    about = {
        "samples": f"{validation or len(test_part(run)):,}",
        "part": "validation" if validation else "test",
        "kind": words.samples(run.spec.data.kind),
        "noun": _noun(run, layer),
    }
    if not dead:
        st.caption(lessons.text("inside.none_dead", **about))
        return
    named = ", ".join(f"{unit} (always {value:.3g})" for unit, value in list(dead.items())[:_MOST_NAMED])
    more = f" and {len(dead) - _MOST_NAMED} more" if len(dead) > _MOST_NAMED else ""
    units = run.spec.model.shapes()[run.spec.model.layer_names().index(layer)][-1]
    lessons.show("inside.dead", count=len(dead), units=units, named=named + more, **about)


# --- patches -------------------------------------------------------------------------------------------------------


def _patches(run: RunSnapshot, epoch: int, layer: str, unit: int) -> None:
    """Show the parts of test images that excite a unit most; who chooses one looks inside with its image."""
    images, opened, noun = test_part(run), engine(), _noun(run, layer)
    steps = test_steps(
        run, lessons.text("inside.looking_for"), f"strongest {run.id} {epoch} {layer}",
        lambda span: opened.looks.strongest(run.id, epoch, layer, span),
    )  # fmt: skip
    found: list[Strongest] = in_steps(steps, "filter_strongest")
    if len(found) < len(steps):
        return
    leading = reduce(Strongest.joined, found)
    seen = seen_by(run.spec.model, layer)
    of_unit = zip(leading.values[unit], leading.numbers[unit], leading.places[unit], strict=True)
    shown = [
        _patch(patch(images.x[number], seen, int(place)), float(value), int(number)) for value, number, place in of_unit
    ]
    size = "" if seen.down is None or seen.across is None else f"{seen.down.size} × {seen.across.size}"
    passage = "patches" if size else "whole_images"
    lessons.show(f"inside.{passage}", noun=noun, unit=unit, size=size, samples=f"{len(images):,}")
    numbers = tuple(int(number) for number in leading.numbers[unit])
    with st.container(key="filter_patches_box"):
        data = gallery(shown, f"what excites {noun} {unit} most", side=_PATCH_SIDE)
        component("gallery")(key=_PATCHES.name, data=whole(data), on_chosen_change=lambda: _look_at(numbers))


def _patch(pixels: NDArray[np.uint8], value: float, number: int) -> Picture:
    said = f"test image {number}: the filter gives {value:.4g}. Look inside with it."
    return Picture(pixels, f"{value:.3g}", f"no. {number}", False, said)


def _look_at(numbers: tuple[int, ...]) -> None:
    """Look inside with the image of a patch that was clicked."""
    told = _PATCHES.get()
    match None if told is None else told.get("chosen"):
        case int(place) if not isinstance(place, bool) and 0 <= place < len(numbers):
            LOOKED_AT.set(numbers[place])
