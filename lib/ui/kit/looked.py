"""Where a person looks in a component: the browser tells it only while a task waits for it.

A component that can tell has the option `watched` in its data and answers with `place` (`components/place.js`).
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

import streamlit as st

from lib.ui.kit.choice import went_back
from lib.ui.kit.key import Key


def looked(told: Any, key: str, **allowed: Container[str]) -> Mapping[str, str]:
    """The place that a component has told last, else the one in the address.

    When a person goes back, or a task sets the page up, the address is newer than what the component had told.

    Args:
        told: the component's `place`. A browser may send anything.
        key: the component's.
        allowed: by the parameter's name, the texts that are such a place.

    Returns:
        What is said of the place and makes sense, as the address writes it.
    """
    before: Key[Any] = Key(f"{key}_told_before", None)
    if went_back():
        before.set(told)
    newer = isinstance(told, Mapping) and told != before.get()
    known = told if newer else {name: st.query_params.get(name) for name in allowed}
    texts = {name: str(known[name]) for name in allowed if known.get(name) is not None}
    return {name: text for name, text in texts.items() if text in allowed[name]}
