"""Sums and short lines of code as they are written, in letters of one width.

`st.code` colours code. For that the browser loads and reads 1.5 MB of script before it shows the first line: as long as
all the rest of a small page. Sums have nothing to colour.
"""

from __future__ import annotations

import html

import streamlit as st


def show(text: str, *, wrapped: bool = True) -> None:
    """Write lines onto the page.

    Args:
        text: the lines; nothing in them is read as markup.
        wrapped: whether a long line goes on in the next one. The columns of a table would be torn apart.
    """
    kind = "" if wrapped else ' data-table tabindex="0"'
    st.html(f'<pre class="sums"{kind}>{html.escape(text)}</pre>')
