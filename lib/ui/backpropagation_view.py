"""The network of the backpropagation page as a component that steps in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from lib.concepts.backpropagation import Network
from lib.figures.tiny_network import network_picture
from lib.ui.component import whole

_FOLDER = Path(__file__).parent / "components"


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    return st.components.v2.component(
        "layerlab_backpropagation",
        css=(_FOLDER / "backpropagation.css").read_text(encoding="utf-8"),
        js=(_FOLDER / "backpropagation.js").read_text(encoding="utf-8"),
    )


def show_network(net: Network) -> None:
    """Show it; the step that a visitor looks at stays when the numbers change."""
    with st.container(key="explorer"):
        _component()(key="explorer_view", data=whole(network_picture(net)))
