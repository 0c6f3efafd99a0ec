"""A grid of test samples, each with its image and all its probabilities, as one component."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from lib.data.loading import load
from lib.figures.images import to_data_url
from lib.ui.tested import Tested

_FOLDER = Path(__file__).parent / "components"


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    return st.components.v2.component(
        "layerlab_samples",
        css=(_FOLDER / "samples.css").read_text(encoding="utf-8"),
        js=(_FOLDER / "samples.js").read_text(encoding="utf-8"),
    )


def samples(tested: Tested, numbers: Sequence[int], key: str) -> int | None:
    """Show test samples.

    Args:
        tested: a run's answers.
        numbers: positions in the test part, in the order to show.
        key: the component's key.

    Returns:
        The position of the sample that was chosen just now, or None.
    """
    data = tested.run.spec.data
    rows = [
        {
            "number": int(number),
            "image": _picture(data.dataset, data.size, int(number)),
            "label": int(tested.true[number]),
            "predicted": int(tested.predicted[number]),
            "shares": [round(float(share), 5) for share in tested.probabilities[number]],
        }
        for number in numbers
    ]
    classes = list(tested.run.spec.dataset.class_names)
    result = _component()(key=key, data={"samples": rows, "classes": classes}, on_chosen_change=lambda: None)
    chosen = result.chosen
    known = isinstance(chosen, int) and not isinstance(chosen, bool) and 0 <= chosen < len(tested.true)
    return chosen if known else None


@lru_cache(maxsize=2_000)
def _picture(dataset: str, size: str, number: int) -> str:
    return to_data_url(load(dataset, size).test.x[number], scale=2)
