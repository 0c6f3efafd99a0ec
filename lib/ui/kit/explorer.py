"""The explorer: input, window and output side by side. Every number in it shows where it comes from."""

from __future__ import annotations

import streamlit as st

from lib.figures.learn.scenes import Scene
from lib.ui.kit.component import component, whole


def explorer(scene: Scene, key: str = "explorer") -> None:
    """Show a scene; hover, click, arrow keys and Play stay in the browser.

    Args:
        scene: what to show. Another scene under the same key is shown at the place where the visitor was looking.
        key: the container's key.
    """
    with st.container(key=key):
        component("explorer")(key=f"{key}_view", data=whole(scene.data()))
