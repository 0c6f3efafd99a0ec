"""What the address of the page Inside may say."""

from __future__ import annotations

OF_ONE_RUN = (
    "epoch", "layer", "unit", "row", "column", "held", "map", "step", "cell_unit", "cell_reads", "hands", "hands_layer",
    "hands_array", "index0", "index1", "index2", "index3", "plan", "values", "filter_layer", "filter_unit",
    "embedding_layer", "embedding_sample", "head", "head_off", "part",
)  # fmt: skip
"""Parameters that mean something in one run only."""
KNOWN = frozenset(
    (
        *OF_ONE_RUN, "run", "input", "sample", "sentence", "x", "y", "way", "drawing", "ranges", "hands_in", "going_on",
        "why", "method", "minus", "patch", "fill", "noisy", "looks", "temperature", "places", "more", "word",
        "embedding_method", "embedding_samples", "embedding_mark", "then_numbers",
    )
)  # fmt: skip
"""All parameters that a control of the page may read."""
