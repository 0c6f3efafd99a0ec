"""The whole network for one image, and below it where a number of the chosen map comes from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts import attention_walk
from lib.concepts.cell_walk import readable
from lib.concepts.forward import mask_before, own_weights
from lib.engine.runs.snapshot import RunSnapshot
from lib.figures.inside.network import Chosen, network, units_of
from lib.figures.inside.scenes import flattened_shape, layer_scene, names_before, steps_before
from lib.specs.layers.known import Embedding, PositionEmbedding, Recurrent, TransformerBlock
from lib.specs.model import ModelSpec
from lib.ui.inside.attention import looking, positions
from lib.ui.inside.given import Input
from lib.ui.inside.steps import Reading, cell, looked_up
from lib.ui.kit import lessons, links, words
from lib.ui.kit.choice import Choice
from lib.ui.kit.component import component, whole
from lib.ui.kit.explorer import explorer
from lib.ui.kit.key import Key

_RANGES = {"own": "each map its own colours", "layer": "one range a layer"}
_NETWORK: Key[Any] = Key("inside_network", None)
_MOST_CHARACTERS = 300
"""Of a sentence that the page Sequences is to read."""

Values = NDArray[np.float32]
Weights = dict[str, NDArray[Any]]


def network_view(run: RunSnapshot, weights: Weights, given: Input, sample: Values, outputs: Sequence[Values]) -> None:
    """Show each layer's outputs; the address holds the map that a person has chosen.

    Args:
        run: the run.
        weights: of the chosen epoch, by name.
        given: what a person gives into the network.
        sample: the same as it goes into the first layer.
        outputs: of each layer.
    """
    model = run.spec.model
    lessons.show("inside.network")
    ranges = Choice("inside_ranges", _RANGES, "own", parameter="ranges").segments(
        "Colours", label_visibility="collapsed", help=lessons.text("inside.ranges")
    )
    chosen = _chosen(model)
    data = network(
        model, weights, sample, outputs, class_names=_names(run), shared=ranges == "layer", chosen=chosen,
        input_names=run.spec.data.number_names, row=given.row,
        frozen=run.spec.frozen,
    )  # fmt: skip
    with st.container(key="network"):
        component("network")(key=_NETWORK.name, data=whole(data), on_chosen_change=lambda: _choose(model))
    if chosen is not None:
        _number(run, weights, given, (sample, *outputs), chosen)


def _names(run: RunSnapshot) -> tuple[str, ...]:
    """What the last layer's numbers are called; one unit for two classes answers for the second."""
    return run.spec.data.class_names[1:] if run.spec.binary else run.spec.data.class_names


def _choose(model: ModelSpec) -> None:
    """Take over what was clicked. A browser may send anything: it must be a map of a layer of this network."""
    told = _NETWORK.get()
    match None if told is None else told.get("chosen"):
        case [str(layer), int(unit)] if 0 <= unit < units_of(model, layer):
            st.query_params["layer"], st.query_params["unit"] = layer, str(unit)


def _chosen(model: ModelSpec) -> Chosen | None:
    """The map that the address names. Where the network has no such one, a sentence says so."""
    layer, unit = st.query_params.get("layer"), st.query_params.get("unit", "0")
    if layer is None:
        return None
    units = units_of(model, layer)
    if not units:
        st.warning(lessons.text("inside.no_layer", layer=words.escaped(f"{layer:.40}")), icon=":material/link_off:")
        return None
    if not (unit.isascii() and unit.isdigit() and len(unit) <= 6 and int(unit) < units):
        st.warning(
            lessons.text("inside.no_unit", layer=layer, unit=words.escaped(f"{unit:.20}"), last=units - 1),
            icon=":material/link_off:",
        )
        return Chosen(layer, 0)
    return Chosen(layer, int(unit))


def _number(run: RunSnapshot, weights: Weights, given: Input, passed: Sequence[Values], chosen: Chosen) -> None:
    """Show the arithmetic below a map; `passed` has what goes into each layer, and the answer."""
    model = run.spec.model
    place = model.layer_names().index(chosen.layer)
    layer, inputs = model.layers[place], passed[place]
    own = own_weights(model, weights)[place]
    own_picture = isinstance(layer, Embedding | PositionEmbedding | Recurrent | TransformerBlock)
    passage = "layer" if own_picture else "number"
    lessons.show(f"inside.{passage}", layer=chosen.layer, what=_what(layer.brief, layer.kind))
    mask = mask_before(model, passed, place)
    steps = () if given.row is None else steps_before(model, place, given.row.words)
    if isinstance(layer, Embedding) and given.row is not None:
        looked_up(given.row, passed[place + 1])
        return
    if isinstance(layer, PositionEmbedding):
        positions(inputs, passed[place + 1], mask, steps)
        return
    if isinstance(layer, TransformerBlock):
        looking(run.spec, weights, passed, chosen.layer, mask, steps)
        _each_sum(run, given)
        return
    if isinstance(layer, Recurrent):
        cell(Reading(layer, own, inputs, mask, steps), chosen.unit)
        _whole_sentences(run, given)
        return
    last = place == len(model.layers) - 1
    scene = layer_scene(
        layer, own, inputs, passed[place + 1], chosen.unit, flattened=flattened_shape(model, place),
        unit_names=_names(run) if last else (), input_names=names_before(model, place, run.spec.data.number_names),
        mask=mask, steps=steps,
    )  # fmt: skip
    explorer(scene, "inside_explorer")


def _whole_sentences(run: RunSnapshot, given: Input) -> None:
    """Lead to the page where the cell reads any sentence, with the network's answer after each word."""
    if readable(run.spec.model):
        query = {"sentence": given.text[:_MOST_CHARACTERS], "network": "own"}
        st.caption(lessons.text("inside.own_gates"))
        links.page_link("sequences", "To the page Sequences", ":material/conversion_path:", query)


def _each_sum(run: RunSnapshot, given: Input) -> None:
    """Lead to the page where every sum of a block is written out, for any sentence."""
    if attention_walk.readable(run.spec.model) and run.spec.data.size == "bundled":
        query = {"run": run.id, "sentence": given.text[:_MOST_CHARACTERS]}
        links.page_link("attention", "Every sum of this block, on the page Attention", ":material/calculate:", query)


def _what(brief: str, kind: str) -> str:
    return f"{kind} {brief}".strip()
