"""The first filters of a network that this visitor has trained."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lib.specs.layers.known import Conv2D
from lib.ui.session import visitor
from lib.ui.session.engine import engine, find_run, if_stored

_MOST_FILTERS = 8
_LOOKED_AT = 10


@dataclass(frozen=True, slots=True, eq=False)
class TrainedKernels:
    """Filters of a network's first Conv2D.

    Attributes:
        title: of the run.
        weights: `(size, size, channels, filters)`.
        bias: `(filters,)`.
        names: of the filters.
    """

    title: str
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    names: tuple[str, ...]


def trained_kernels() -> TrainedKernels | None:
    """Filters of this visitor's newest finished run that has a Conv2D; None without one, or without a store."""
    return if_stored(_newest, None)


def _newest() -> TrainedKernels | None:
    for row in engine().runs(visitor.owner(), limit=_LOOKED_AT):
        run = find_run(row.id) if row.status == "done" else None
        if run is None:
            continue
        for name, layer in zip(run.spec.model.layer_names(), run.spec.model.layers, strict=True):
            if isinstance(layer, Conv2D):
                return _kernels(run.id, run.title, name)
    return None


@lru_cache(maxsize=64)
def _kernels(run_id: str, title: str, layer: str) -> TrainedKernels | None:
    weights = engine().weights(run_id)
    if weights is None:
        return None
    kernel = np.asarray(weights[f"{layer}/kernel"], np.float32)[..., :_MOST_FILTERS]
    filters = kernel.shape[3]
    bias = np.asarray(weights.get(f"{layer}/bias", np.zeros(filters)), np.float32)[:filters]
    return TrainedKernels(title, kernel, bias, tuple(f"filter {place}" for place in range(filters)))
