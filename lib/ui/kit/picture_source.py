"""Where a page's picture comes from: a test image of a dataset, a drawing, or a file of the person's own."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.data.loading import load
from lib.data.own.pictures import MAX_MB, Picture, PictureError, decode, shrunk
from lib.specs.datasets import IMAGES
from lib.ui.kit import lessons, words
from lib.ui.kit.choice import Choice
from lib.ui.kit.drawing import drawing
from lib.ui.kit.key import Key
from lib.ui.kit.options import pin
from lib.ui.kit.question_note import ask
from lib.ui.kit.whole_number import WholeNumber

_SOURCES = {"sample": "sample", "draw": "draw", "upload": "upload"}
_DATASETS = {name: dataset.title for name, dataset in IMAGES.items()}


def picture_source(key: str = "picture", *, side: int = 64) -> Picture:
    """Let a person choose a picture.

    The address holds the source, the dataset and the sample's number. Pages that use the same key share the picture.
    Where an upload is refused, the last good picture stays.

    Args:
        key: the widgets' keys begin with it.
        side: most pixels in height and in width.
    """
    with st.container(key=f"{key}_from", horizontal=True, vertical_alignment="bottom", gap="small"):
        source = Choice(f"{key}_source", _SOURCES, "sample").segments("Picture")
        sampled = _sample(key) if source == "sample" else None
    chosen = uploaded(key, side) if source == "upload" else _drawn(key) if source == "draw" else sampled
    last: Key[Picture | None] = Key(f"{key}_last", None)
    if chosen is None:
        chosen = last.get() or sample("mnist", 0)
        st.caption(lessons.text("picture_source.last", picture=words.escaped(chosen.name)))
    last.set(chosen)
    return shrunk(chosen, side)


def sample(dataset: str, number: int) -> Picture:
    """A test image of a bundled dataset, named by its class and its number."""
    loaded = load(dataset)
    label = int(loaded.test.y[number])
    name = f"{loaded.dataset.title}: {loaded.dataset.class_names[label]} (test image {number})"
    return Picture(loaded.test.x[number], name, dataset, label)


def _sample(key: str) -> Picture:
    asked = WholeNumber(f"{key}_number", 0)
    number_key = Key(asked.key, 0)
    dataset = Choice(f"{key}_dataset", _DATASETS, "mnist").listed("Dataset")
    # A list of classes for each dataset: what a browser still says of another's would be no class of this one.
    label_key = Key(f"{key}_class_{dataset}", 0)
    loaded = load(dataset)
    names = loaded.dataset.class_names
    class_place = st.container(width=140)  # the class stands before the number that it follows from
    with st.container(width=140):
        number = asked.field(
            "Test image", 0, len(loaded.test) - 1, help="Its number in the test part of the bundled dataset"
        )
    label = int(loaded.test.y[number])
    pin(label_key.name, label)
    class_place.selectbox(
        "Class", range(len(names)), label, key=label_key.name, format_func=names.__getitem__,
        on_change=lambda: _go_to(number_key, dataset, label_key.get(), number),
    )  # fmt: skip
    st.button(
        "Another", key=f"{key}_another", icon=":material/shuffle:", help="The next one of this class",
        on_click=lambda: _go_to(number_key, dataset, label, number),
    )  # fmt: skip
    return sample(dataset, number)


def _go_to(number_key: Key[int], dataset: str, label: int, number: int) -> None:
    """Choose the next test image of a class; after the last one comes the first again."""
    positions = np.flatnonzero(load(dataset).test.y == label)
    number_key.set(int(positions[np.searchsorted(positions, number, side="right") % len(positions)]))


def _drawn(key: str) -> Picture:
    picture = Picture(drawing(f"{key}_drawing"), "your drawing")
    lessons.show("picture_source.draw")
    ask("digit_misread", "does_it_learn_from_me")
    return picture


def uploaded(key: str, side: int) -> Picture | None:
    """Let a person choose a file with a picture.

    Args:
        key: the widgets' keys begin with it.
        side: most pixels in height and in width.

    Returns:
        The picture; None where there is none, or where the file is refused with a sentence.
    """
    file = st.file_uploader("Picture file", key=f"{key}_upload", max_upload_size=MAX_MB, label_visibility="collapsed")
    st.caption(lessons.text("picture_source.upload", megabytes=MAX_MB, side=side))
    ask("does_it_learn_from_me")
    last: Key[Picture | None] = Key(f"{key}_uploaded", None)
    read = Key(f"{key}_uploaded_file", "")  # id of the file that `uploaded` was read from: no rerun reads it again
    if file is not None and read.get() != file.file_id:
        try:
            last.set(decode(file.getvalue(), file.name, side))
            read.set(file.file_id)
        except PictureError as error:
            st.error(words.escaped(str(error)), icon=":material/broken_image:")
            return None
    return last.get()
