"""A run that begins with weights of another run: whether they are there, and whether they fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.concepts.forward import check_weights, weight_shapes
from lib.engine.errors import EngineError
from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.codec import MAX_TEXT, to_json
from lib.specs.run import RunSpec

Weights = Mapping[str, NDArray[Any]]


def first_weights(spec: RunSpec, origin: RunSnapshot, owner: str, kept: Weights | None) -> Weights:
    """The weights that a run begins with, as they are stored with it.

    Args:
        spec: of the new run, with a start and without any problem of its own.
        origin: the run that the weights come from.
        owner: of the new run.
        kept: the weights of that run; None where it keeps none of this epoch.

    Returns:
        float32 arrays by name, those of the spec's model and no others.

    Raises:
        EngineError: they are no longer kept, are of another network, are no numbers, or have learned from somebody
            else's own data; or the description of the new run would be too long to be stored.
    """
    if spec.start is None:
        raise ValueError("the first weights of this run come from its seed")
    if origin.spec.dataset.own and origin.owner != owner:
        raise EngineError("These weights have learned from somebody else's own data: only they go on from them")
    if kept is None:
        raise EngineError(
            f"The weights of epoch {spec.start.epoch} of this run are no longer kept: go on from another epoch"
        )
    try:
        check_weights(spec.model, dict(kept))
    except ValueError as error:
        raise EngineError(f"These weights do not fit the network of the new run: {error}") from None
    weights = {name: np.asarray(kept[name], np.float32) for name in weight_shapes(spec.model)}
    if not all(np.isfinite(values).all() for values in weights.values()):
        raise EngineError("Some of these weights have grown beyond all numbers: go on from an earlier epoch")
    if len(to_json(spec)) > MAX_TEXT:
        raise EngineError("The description of the new run would be too long to be kept: change or freeze less")
    return weights
