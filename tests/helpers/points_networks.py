"""Networks for points in the plane, with weights of any size."""

from __future__ import annotations

import dataclasses

import numpy as np

from lib.concepts.forward import weight_shapes
from lib.specs.adapting import adapted
from lib.specs.recipes import RECIPES

SPIRAL = RECIPES["points_spiral"].run
KINDS = ("circle", "three_classes", "regression_plane")


def on_kind(kind, run=SPIRAL):
    """The run with points of another kind; its model's ends follow."""
    return adapted(run, dataclasses.replace(run.data, points_kind=kind))


def random_weights(model, seed=0, scale=1.0):
    """Normal weights of this standard deviation; variances are positive."""
    random = np.random.default_rng(seed)
    return {
        name: np.abs(random.normal(0, scale, shape)).astype(np.float32)
        if name.endswith("variance")
        else random.normal(0, scale, shape).astype(np.float32)
        for name, shape in weight_shapes(model).items()
    }
