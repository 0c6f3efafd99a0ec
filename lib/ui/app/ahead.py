"""While somebody looks at Home, the browser gets ready for the next pages: it reads their scripts, and rehearses them.

Streamlit loads the script of each kind of element at its first use; that of a chart takes a browser a second. And
however soon a script comes, the first element of each kind is drawn twice: React finds out only while it draws that
it has no code for it yet, puts something grey in its place, and draws all such places once more. A page full of them
took twice as long as the next one, and its first charts longer still. So, once the scripts are read, one element of
each kind is drawn where nobody sees it.

Where Streamlit's files have other names, nothing is read ahead.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from lib.figures.learn.activations import curves_and_slopes, softmax_slope_table
from lib.ui.kit import links
from lib.ui.kit.component import component, whole
from lib.ui.kit.fragment import fragment

SCRIPTS = Path(st.__file__).parent / "static" / "static" / "js"
WANTED = (
    "PageLink", "ButtonGroup", "Slider", "Selectbox", "TextInput", "NumberInput", "Checkbox", "Radio", "rehype-katex",
    "Metric", "DownloadButton", "PlotlyChart", "StreamlitSyntaxHighlighter",
)  # fmt: skip
"""Streamlit's names of what Learn pages and Build show first, the small ones before the large ones."""


@fragment
def mount() -> None:
    """Have the browser read ahead and rehearse as soon as it has nothing else to do."""
    data = whole({"files": _files()})
    if component("ahead")(key="ahead", data=data, width="content", height=1, on_read_change=lambda: None).read:
        _rehearse()


def _rehearse() -> None:
    """Draw one element of each kind; `style.css` hides them from everybody, readers of the screen included."""
    with st.container(key="rehearsal"):
        links.page_link("build", "Choice", ":material/construction:")
        st.segmented_control("Choice", ["one", "two"], key="rehearsed_group")
        st.slider("Choice", 0, 1, key="rehearsed_slider")
        st.selectbox("Choice", ["one", "two"], key="rehearsed_box")
        st.text_input("Choice", key="rehearsed_text")
        st.number_input("Choice", key="rehearsed_number")
        st.checkbox("Choice", key="rehearsed_check")
        st.radio("Choice", ["one", "two"], key="rehearsed_radio")
        st.markdown("$z$")
        st.metric("Choice", 0)
        st.download_button("Choice", "", key="rehearsed_download")
        st.code("z")
        # Lines, slopes and labels; a map with its numbers: what most charts of the Learn pages consist of.
        st.plotly_chart(curves_and_slopes(("relu",), 0.0), key="rehearsed_lines")
        st.plotly_chart(softmax_slope_table((0.0, 0.0, 0.0)), key="rehearsed_map")


@cache
def _files() -> list[str]:
    """The files' names; each ends in a mark that changes with its content."""
    return [path.name for name in WANTED for path in sorted(SCRIPTS.glob(f"{name}.*.js"))]
