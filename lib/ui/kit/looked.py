"""Where a person looks in a component: the browser tells it only while a task waits for it.

A component that can tell has the option `watched` in its data and answers with `place` (`components/place.js`).
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

import streamlit as st


def looked(told: Any, **allowed: Container[str]) -> Mapping[str, str]:
    """The place that a component has told last, else the one in the address.

    Args:
        told: the component's `place`. A browser may send anything.
        allowed: by the parameter's name, the texts that are such a place.

    Returns:
        What is said of the place and makes sense, as the address writes it.
    """
    known = told if isinstance(told, Mapping) else {name: st.query_params.get(name) for name in allowed}
    texts = {name: str(known[name]) for name in allowed if known.get(name) is not None}
    return {name: text for name, text in texts.items() if text in allowed[name]}
