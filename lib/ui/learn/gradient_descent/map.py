"""The map of the descents. It is a component of our own: plotly's charts begin again each time they are drawn."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from lib.figures.learn.descent import Descent, descent_map, descent_scene, describe_descents
from lib.ui.kit import heard
from lib.ui.kit.component import component, whole
from lib.ui.kit.looked import looked
from lib.ui.learn import tasks


def show_map(surface: str, descents: Mapping[str, Descent], steps: int, key: str) -> int:
    """Show the paths. They are played and scrubbed in the browser. Arguments as for `descent_map`.

    Returns:
        The step at which a person looks, as far as the browser has told; the last one if nobody has gone to another.
    """
    places = {"step": heard.numbers(0, steps)}
    heard.place(**places)
    data = {**descent_map(surface, descents, steps), "watched": tasks.waiting()}
    shown = component("gradient_descent")(key=key, data=whole(data), on_place_change=lambda: None)
    return int(looked(shown.place, key, **places).get("step", steps))


def show_scene(surface: str, descents: Mapping[str, Descent]) -> None:
    """Show the paths on the surface in 3-D, to turn round."""
    st.plotly_chart(
        descent_scene(surface, descents),
        key="descents_scene",
        alt=describe_descents(surface, descents),
        config={"displayModeBar": False},
    )
