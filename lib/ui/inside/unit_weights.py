"""What a unit's inputs are multiplied with, where they lie in no picture: a column, a feature, a unit before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.engine.runs.snapshot import RunSnapshot
from lib.figures.inside.parts import MOST_SHOWN
from lib.figures.inside.scenes import names_before
from lib.specs.layers.known import BatchNormalization, Dense, LayerNormalization
from lib.ui.inside.bars import bars
from lib.ui.kit import lessons

_COLUMNS = {"standard": "table_standard", "unit": "table_unit", "raw": "table_raw"}
"""Of a table's columns, by their scaling: what says which step of a column 1 is."""


def unit_weights(run: RunSnapshot, name: str, weights: Mapping[str, NDArray[Any]], unit: int) -> None:
    """Show the weights of a Dense layer's unit as bars; of another kind of layer say why there are none.

    Args:
        run: the run.
        name: the layer's.
        weights: by name.
        unit: one of the layer's.
    """
    model = run.spec.model
    place = model.layer_names().index(name)
    layer = model.layers[place]
    if not isinstance(layer, Dense):
        st.caption(lessons.text("inside.no_kernels", kind=layer.kind))
        return
    values = np.asarray(weights[f"{name}/kernel"][:, unit], np.float32)
    named = names_before(model, place, run.spec.data.number_names)
    bias = f", before the bias of {weights[f'{name}/bias'][unit]:.3g} is added" if layer.use_bias else ""
    data, normalised = run.spec.data, (BatchNormalization, LayerNormalization)
    inputs = "points" if data.kind == "points" else _COLUMNS[data.scaling]
    if not named:
        inputs = "units"
    elif any(isinstance(before, normalised) for before in model.layers[:place]):
        inputs = "normalised"
    lessons.show("inside.unit_weights", unit=unit, bias=bias, inputs=lessons.text(f"inside.weights_of_{inputs}"))
    names = named or [f"input {number}" for number in range(len(values))]
    bars(names, values, "unit_weights")
    if len(values) > MOST_SHOWN:
        st.caption(lessons.text("inside.more_weights", shown=MOST_SHOWN, all=f"{len(values):,}"))
