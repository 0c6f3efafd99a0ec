"""Putting an address in place: all controls of the page show at once what it says, and the usual where it says nothing.

Streamlit can do so by itself only when the browser goes back: then "the address wins". A button asks for the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state import get_session_state


def put_address(address: Mapping[str, str | tuple[str, ...]]) -> None:
    """Have the page drawn as its address were this one. To be called in a callback, before any control is drawn.

    Widgets with `bind="query-params"` and those of `lib.ui.kit.choice` take their values from it, because this run
    counts as a way back (`choice.went_back`); the browser gets the address as a step of its history.

    Args:
        address: what stands in it, by name; several texts where a name stands there several times.
    """
    context = get_script_run_ctx()
    if context is None:
        return
    with get_session_state().query_params() as parameters:
        # Streamlit 1.67 has no public way: `st.query_params` refuses names that are bound to widgets.
        parameters.populate_from_query_string(urlencode(address, doseq=True))
        parameters.set_initial_query_params_from_current()
        parameters._send_query_param_msg()
    context.is_history_navigation = True
