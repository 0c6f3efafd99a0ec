"""Instead of an exception: what is wrong with LayerLab as it is set up here, in a sentence on the page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from lib.errors import SetUpError
from lib.ui.kit import words


@contextmanager
def told() -> Iterator[None]:
    """Say what is wrong in the place of what could not be drawn; around a page, a fragment or a part of one."""
    try:
        yield
    except SetUpError as error:
        st.error(words.escaped(str(error)), icon=":material/database_off:")
