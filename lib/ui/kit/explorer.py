"""The explorer: input, window and output side by side. Every number in it shows where it comes from."""

from __future__ import annotations

import streamlit as st

from lib.figures.learn.scenes import Scene
from lib.ui.kit import heard
from lib.ui.kit.component import component, whole


def explorer(scene: Scene, key: str = "explorer") -> None:
    """Show a scene; hover, click, arrow keys and Play stay in the browser.

    Args:
        scene: what to show. Another kernel or window is shown at the place where the visitor was looking; in another
            picture the place moves to where something happens, unless it is held. The address holds the place.
        key: the container's key.
    """
    rows, columns, maps = scene.output.shape
    heard.place(
        row=heard.numbers(0, rows - 1), column=heard.numbers(0, columns - 1), map=heard.numbers(0, maps - 1),
        held=heard.numbers(1, 1),
    )  # fmt: skip
    with st.container(key=key):
        component("explorer")(key=f"{key}_view", data=whole(scene.data()))
