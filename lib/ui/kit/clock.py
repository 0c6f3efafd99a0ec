"""Parts of a page that are drawn again by themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import streamlit as st


def repeated(draw: Callable[[], None], every: float | None) -> None:
    """Draw a part of a fragment, and again every so many seconds.

    The browser stops a timer when its fragment is gone, and only then: with another pace, or none, the part is another
    fragment to Streamlit.

    Args:
        draw: draws it.
        every: seconds, or None: it is drawn again only when something in it is used.
    """

    @wraps(draw)
    def part() -> None:
        draw()

    part.__qualname__ = f"{draw.__qualname__} every {every}"
    st.fragment(part, run_every=every)()
