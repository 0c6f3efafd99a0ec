"""The explorer: input, window and output side by side. Every number in it shows where it comes from."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lib.figures.learn.scenes import Scene
from lib.ui.kit import heard
from lib.ui.kit.component import component, whole
from lib.ui.kit.looked import looked


def explorer(scene: Scene, key: str = "explorer", *, watched: bool = False) -> Mapping[str, str]:
    """Show a scene; hover, click, arrow keys and Play stay in the browser.

    Args:
        scene: what to show. Another kernel or window is shown at the place where the visitor was looking; in another
            picture the place moves to where something happens, unless it is held. The address holds the place.
        key: the container's key.
        watched: whether the app wants to know where a person looks: each place where they stay costs a run.

    Returns:
        Where a person looks: `row`, `column` and `map` of the output, counted from 0, as far as the browser has told.
    """
    rows, columns, maps = scene.output.shape
    places: dict[str, frozenset[str]] = {
        "row": heard.numbers(0, rows - 1), "column": heard.numbers(0, columns - 1), "map": heard.numbers(0, maps - 1),
    }  # fmt: skip
    heard.place(**places, held=heard.numbers(1, 1))
    view = f"{key}_view"
    with st.container(key=key):
        data = whole({**scene.data(), "watched": watched})
        shown = component("explorer")(key=view, data=data, on_place_change=lambda: None)
    return looked(shown.place, view, **places)
