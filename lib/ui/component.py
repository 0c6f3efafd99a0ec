"""How data go to a component of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def whole(data: Mapping[str, Any]) -> tuple[dict[str, Any]]:
    """The data as one piece; the component's script unwraps it (`{ data: [data] }`).

    Streamlit 1.67 looks whether the lists and tables in a component's data are data frames, and imports pandas for it:
    70 MB, and now and then a crash of another visitor's chart that plotly draws during that import. It does not look
    into a tuple.

    Args:
        data: JSON-serialisable.
    """
    return (dict(data),)
