"""While somebody looks at Home, the browser reads the scripts that the next pages need.

Streamlit loads the script of each kind of element at its first use; that of a chart takes a browser a second. A page
with a script missing is drawn, waits, and is drawn again. Where Streamlit's files have other names, nothing is read
ahead.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from lib.ui.kit.component import component, whole

SCRIPTS = Path(st.__file__).parent / "static" / "static" / "js"
WANTED = (
    "PageLink", "ButtonGroup", "Slider", "Selectbox", "TextInput", "NumberInput", "Checkbox", "Radio", "rehype-katex",
    "Metric", "DownloadButton", "PlotlyChart", "StreamlitSyntaxHighlighter",
)  # fmt: skip
"""Streamlit's names of what Learn pages and Build show first, the small ones before the large ones."""


def mount() -> None:
    """Have the browser read ahead as soon as it has nothing else to do."""
    component("ahead")(key="ahead", data=whole({"files": _files()}), width="content", height=1)


@cache
def _files() -> list[str]:
    """The files' names; each ends in a mark that changes with its content."""
    return [path.name for name in WANTED for path in sorted(SCRIPTS.glob(f"{name}.*.js"))]
