"""One image through Deeper CNN in numpy, in the process that draws the pages."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.table import Row, median, percentile
from lib.concepts.forward import forward, weight_shapes
from lib.specs.recipes import RECIPES

TIMES = 50


def run(quick: bool = False) -> list[Row]:
    """Time all layers' outputs for one image; what the weights are makes no difference."""
    model = RECIPES["deeper_cnn"].run.model
    numbers = np.random.default_rng(1)
    weights = {
        name: numbers.normal(size=shape, scale=0.05).astype(np.float32) for name, shape in weight_shapes(model).items()
    }
    image = numbers.random(model.input_shape, dtype=np.float32)
    forward(model, weights, image)
    seconds = []
    for _ in range(5 if quick else TIMES):
        began_at = time.perf_counter()
        forward(model, weights, image)
        seconds.append(time.perf_counter() - began_at)
    note = f"p95 {percentile(seconds, 0.95) * 1e3:.1f} ms, {len(seconds)} times"
    return [Row("one image through Deeper CNN in numpy, median", median(seconds) * 1e3, "ms", 30, note=note)]
