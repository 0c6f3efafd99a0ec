"""The explorer: input, window and output side by side, where every number answers where it comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from lib.figures.scenes import Scene
from lib.ui.component import whole

_FOLDER = Path(__file__).parent / "components"
# One ES module, in three files because it is three ideas; `explorer.js` holds the export.
_SCRIPTS = ("explorer_maps.js", "explorer_sums.js", "explorer.js")


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    return st.components.v2.component(
        "layerlab_explorer",
        css=(_FOLDER / "explorer.css").read_text(encoding="utf-8"),
        js="\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in _SCRIPTS),
    )


def explorer(scene: Scene, key: str = "explorer") -> None:
    """Show a scene; hover, click, arrow keys and Play stay in the browser.

    Args:
        scene: what to show; where the visitor was looking survives another scene under the same key.
        key: the container's key.
    """
    with st.container(key=key):
        _component()(key=f"{key}_view", data=whole(scene.data()))
