"""Links between the pages. They also work where a page is run on its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlencode

import streamlit as st
from streamlit.errors import StreamlitAPIException


def page_link(page: str, label: str, icon: str, query: dict[str, str] | None = None) -> None:
    """A link to a page; the session goes on there.

    Args:
        page: the file's stem in `pages/`.
        label: what the link says.
        icon: a `:material/…:` icon.
        query: the address it opens.
    """
    try:
        st.page_link(f"pages/{page}.py", label=label, icon=icon, query_params=query)
    except StreamlitAPIException:  # this page is run alone: Streamlit does not know the others
        address = f"{page}?{urlencode(query)}" if query else page
        st.link_button(label, address, icon=icon, type="tertiary")


def way_in(
    name: str, page: str, label: str, icon: str, on_click: Callable[[], None] | None = None, *, first: bool = False
) -> None:
    """A button that leads to a page: for the few ways in that should not be overlooked.

    What the page shall show is set by `on_click`, not by a query: Streamlit would write it into the address of the page
    that is left, and the browser's Back would lead there.

    Args:
        name: the button's key is `go_` and this.
        page, label, icon: as for `page_link`.
        on_click: what it does before.
        first: the way most visitors should take.
    """
    if st.button(
        label, key=f"go_{name}", icon=icon, type="primary" if first else "secondary", on_click=on_click
    ):  # fmt: skip
        st.switch_page(f"pages/{page}.py")


def go(page: str, query: dict[str, str] | None = None) -> None:
    """Leave for a page at once; what it shall show is set before, as for `way_in`. A page that is run alone stays.

    Args:
        page: the file's stem in `pages/`.
        query: the address it opens, for a button at whose page Back may lead to that address.
    """
    with suppress(StreamlitAPIException):
        st.switch_page(f"pages/{page}.py", query_params=query)
