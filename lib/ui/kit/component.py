"""Our own components: how one is made from its files, and how data go to it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from lib.ui.kit.bundle import bundle

FOLDER = Path(__file__).parent / "components"


@st.cache_resource(show_spinner=False)
def component(name: str) -> Any:
    """A component of `components/`.

    Args:
        name: its main file's, without ".js"; what else it needs follows from the imports.

    Returns:
        What draws it: call it with `key` and `data`.
    """
    script, styles = bundle(name, FOLDER)
    return st.components.v2.component(f"layerlab_{name}", css=styles or None, js=script)


def whole(data: Mapping[str, Any]) -> tuple[dict[str, Any]]:
    """The data as one piece; the component's script unwraps it (`{ data: [data] }`).

    Streamlit 1.67 looks whether the lists and tables in a component's data are data frames, and imports pandas for it:
    70 MB, and now and then a crash of another visitor's chart that plotly draws during that import. It does not look
    into a tuple.

    Args:
        data: JSON-serialisable.
    """
    return (dict(data),)
