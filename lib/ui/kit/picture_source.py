"""Where a page's picture comes from: a test image of a dataset, a drawing, or a file of the person's own."""

from __future__ import annotations

from typing import cast

import numpy as np
import streamlit as st

from lib.data.loading import load
from lib.data.own.pictures import MAX_MB, Picture, PictureError, decode, shrunk
from lib.specs.datasets import IMAGES
from lib.ui.kit import lessons, words
from lib.ui.kit.drawing import drawing
from lib.ui.kit.options import pin

_SOURCES = ("sample", "draw", "upload")  # read by people, on the buttons and in the address


def picture_source(key: str = "picture", *, side: int = 64) -> Picture:
    """Let a person choose a picture.

    The address keeps the source, the dataset and the sample's number. Pages that use the same key share the picture.
    Where an upload is refused, the last good picture stays.

    Args:
        key: the widgets' keys begin with it.
        side: most pixels in height and in width.
    """
    source = st.segmented_control(
        "Picture", _SOURCES, default="sample", required=True, key=f"{key}_source", bind="query-params"
    )
    chosen = _upload(key, side) if source == "upload" else _drawn(key) if source == "draw" else _sample(key)
    if chosen is None:
        chosen = _last(key)
        st.caption(lessons.text("picture_source.kept", picture=words.escaped(chosen.name)))
    st.session_state[f"{key}_last"] = chosen
    return shrunk(chosen, side)


def _last(key: str) -> Picture:
    last = st.session_state.get(f"{key}_last")
    return last if isinstance(last, Picture) else sample("mnist", 0)


def sample(dataset: str, number: int) -> Picture:
    """A test image of a bundled dataset, named by its class and its number."""
    loaded = load(dataset)
    label = int(loaded.test.y[number])
    name = f"{loaded.dataset.title}: {loaded.dataset.class_names[label]} (test image {number})"
    return Picture(loaded.test.x[number], name, dataset, label)


def _sample(key: str) -> Picture:
    dataset_key, class_key, number_key = f"{key}_dataset", f"{key}_class", f"{key}_number"
    columns = st.columns([5, 4, 4, 3], vertical_alignment="bottom", gap="small")
    dataset = columns[0].selectbox(
        "Dataset", tuple(IMAGES), key=dataset_key, bind="query-params",
        format_func=lambda name: IMAGES[name].title,
    )  # fmt: skip
    loaded = load(dataset)
    names = loaded.dataset.class_names
    number = columns[2].number_input(
        "Test image", 0, len(loaded.test) - 1, key=number_key, bind="query-params",
        help="Its number in the test part of the bundled dataset",
    )  # fmt: skip
    label = int(loaded.test.y[number])
    pin(class_key, label)
    columns[1].selectbox(
        "Class", range(len(names)), label, key=class_key, format_func=names.__getitem__,
        on_change=lambda: _go_to(number_key, dataset, st.session_state[class_key], number),
    )  # fmt: skip
    columns[3].button(
        "Another", key=f"{key}_another", icon=":material/shuffle:", width="stretch", help="The next one of this class",
        on_click=lambda: _go_to(number_key, dataset, label, number),
    )  # fmt: skip
    return sample(dataset, number)


def _go_to(number_key: str, dataset: str, label: int, number: int) -> None:
    """Choose the next test image of a class, after the last one the first again."""
    positions = np.flatnonzero(load(dataset).test.y == label)
    st.session_state[number_key] = int(positions[np.searchsorted(positions, number, side="right") % len(positions)])


def _drawn(key: str) -> Picture:
    picture = Picture(drawing(f"{key}_drawing"), "your drawing")
    lessons.show("picture_source.draw")
    return picture


def _upload(key: str, side: int) -> Picture | None:
    """The picture in the chosen file, or the one of the file before where this one is refused."""
    file = st.file_uploader(
        "Picture file", key=f"{key}_upload", max_upload_size=MAX_MB, label_visibility="collapsed"
    )
    st.caption(lessons.text("picture_source.upload", megabytes=MAX_MB, side=side))
    known = f"{key}_uploaded"
    if file is not None and st.session_state.get(f"{known}_file") != file.file_id:
        try:
            st.session_state[known] = decode(file.getvalue(), file.name, side)
            st.session_state[f"{known}_file"] = file.file_id
        except PictureError as error:
            st.error(words.escaped(str(error)), icon=":material/broken_image:")
            return None
    return cast(Picture | None, st.session_state.get(known))
