"""Home's picture: real digits pass through a really trained network, and so does what a visitor draws."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.data.fitted.home_network import MODEL, home_network
from lib.figures.hero_scene import hero_scene
from lib.specs.datasets import find
from lib.ui.kit import lessons, words
from lib.ui.kit.component import component, whole

PICTURE = Path(__file__).parents[3] / "assets" / "pictures" / "hero.png"
"""Drawn once by `tools/draw_hero.py`; it is there until the browser has the moving one, which takes its place."""
ALT = PICTURE.with_suffix(".txt")


def show() -> DeltaGenerator:
    """Show the still picture and its caption.

    Returns:
        The picture's place, for `move`.
    """
    place = st.container(key="hero")
    place.image(str(PICTURE), width="stretch", alt=ALT.read_text(encoding="utf-8"))
    st.caption(lessons.text("home.hero", weights=f"{MODEL.parameters:,}", right=words.percent(home_network().accuracy)))
    return place


def move(place: DeltaGenerator) -> None:
    """Let the picture move; called last, so that the browser draws the ways into the app before."""
    with place:
        component("hero")(key="hero_view", data=whole(_scene()))


@cache
def _scene() -> dict[str, Any]:
    return hero_scene(home_network(), MODEL, find("mnist").class_names)
