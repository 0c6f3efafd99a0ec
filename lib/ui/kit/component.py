"""Our own components: how one is made from its files, and how data go to it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent / "components"


@st.cache_resource(show_spinner=False)
def component(*parts: str) -> Any:
    """A component of plain scripts and styles, without a build step.

    Args:
        parts: names of files in `components/`, put one after the other into one module and one style sheet; the last
            one holds the export and gives the component its name.

    Returns:
        What draws it: call it with `key` and `data`.
    """
    files = {
        ending: [path for part in parts if (path := _FOLDER / f"{part}.{ending}").exists()] for ending in ("css", "js")
    }
    css, js = ("\n".join(path.read_text(encoding="utf-8") for path in files[ending]) for ending in ("css", "js"))
    return st.components.v2.component(f"layerlab_{parts[-1]}", css=css or None, js=js)


def whole(data: Mapping[str, Any]) -> tuple[dict[str, Any]]:
    """The data as one piece; the component's script unwraps it (`{ data: [data] }`).

    Streamlit 1.67 looks whether the lists and tables in a component's data are data frames, and imports pandas for it:
    70 MB, and now and then a crash of another visitor's chart that plotly draws during that import. It does not look
    into a tuple.

    Args:
        data: JSON-serialisable.
    """
    return (dict(data),)
