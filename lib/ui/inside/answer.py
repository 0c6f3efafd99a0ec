"""What the network says of the sample, beside the truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.engine.runs.snapshot import RunSnapshot
from lib.figures.base.images import enlarged
from lib.ui.inside.given import Input, pixels_of
from lib.ui.inside.shares import shares_of
from lib.ui.kit import lessons, words

_SIDE = 112
"""Pixels of an image's side on the screen."""

Values = NDArray[np.float32]


def answer(run: RunSnapshot, given: Input, output: Values) -> None:
    """Show the class with its probability, or the predicted number.

    Args:
        run: the run.
        given: what went in.
        output: of the last layer.
    """
    told = _number_told if run.spec.regression else _class_told
    if run.spec.data.kind != "images":
        with st.container(key="inside_prediction"):
            told(run, given, output)
        return
    picture, said = st.columns([1, 2], vertical_alignment="center")
    with picture:
        st.image(thumbnail(pixels_of(given)), width=_SIDE, output_format="PNG", alt=given.name)
    with said, st.container(key="inside_prediction"):
        told(run, given, output)


def _class_told(run: RunSnapshot, given: Input, output: Values) -> None:
    names, shares = run.spec.data.class_names, shares_of(run.spec, output)
    said, second = np.argsort(-shares, kind="stable")[:2].tolist()
    mark = "" if given.truth is None else ":green[✓] " if given.truth == said else ":red[✗] "
    st.markdown(f"## {mark}{words.escaped(names[said])} &nbsp; {words.percent(float(shares[said]))}")
    is_ = "" if given.truth is None else f"it is **{words.escaped(names[int(given.truth)])}** · "
    then = f"then {words.escaped(names[second])} {words.percent(float(shares[second]))}"
    st.caption(f"{words.escaped(given.name)} · {is_}{then}")


def _number_told(run: RunSnapshot, given: Input, output: Values) -> None:
    number = float(output[0])
    st.markdown(f"## {number:.4f}")
    if given.truth is None:
        st.caption(words.escaped(given.name))
        return
    off = lessons.text("inside.number_off", truth=f"{given.truth:.4f}", off=f"{abs(number - given.truth):.4f}")
    st.caption(f"{words.escaped(given.name)} · {off}")


def thumbnail(pixels: NDArray[np.uint8]) -> Any:
    """An image of about 112 pixels, each of its own pixels a square."""
    return np.squeeze(enlarged(pixels, max(1, round(_SIDE / pixels.shape[0]))))
