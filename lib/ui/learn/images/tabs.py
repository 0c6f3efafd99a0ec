"""The parts of the page about images, one idea each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.data.averages import class_averages, nearest_average
from lib.data.loading import class_counts, load, split_validation
from lib.data.own.pictures import Picture
from lib.figures.base.images import enlarged
from lib.figures.build.dataset import class_balance, describe_class_balance
from lib.figures.learn.split import describe_split, split_bar
from lib.specs.datasets import DATASETS
from lib.ui.kit import lessons, sums, words
from lib.ui.kit.choice import Choice, went_back
from lib.ui.kit.fragment import fragment
from lib.ui.kit.key import Key
from lib.ui.kit.question_note import ask
from lib.ui.learn import page, tasks
from lib.ui.learn.images.pixels import pixels, reference, statistics

_CHART = {"displayModeBar": False}
_LABELLED = Key("labelled_picture", "label_of_none")
"""Key of the list that was shown last: there is one for each dataset and class of picture."""


def pixels_tab(picture: Picture) -> None:
    """Show that every pixel is a number, or three."""
    height, width, channels = picture.pixels.shape
    lessons.show("images.pixels", shape=words.shape(picture.pixels.shape), numbers=f"{height * width * channels:,}")
    with st.container(key="explorer"), page.formula():
        place = pixels(picture, scaling=False)
    lessons.show("images.channels" if channels == 3 else "images.grey")
    ask("channels_last")
    tasks.tell(part="pixels", dataset=picture.dataset, label=picture.label, **_pixel(picture, place))


def _pixel(picture: Picture, place: Mapping[str, str]) -> dict[str, bool]:
    """What kind of pixel somebody looks at."""
    if not {"row", "column"} <= set(place):
        return {"pixel_grey": False, "pixel_not_green": False}
    values = picture.pixels[int(place["row"]) - 1, int(place["column"]) - 1]
    grey = len(values) == 1 and 0 < int(values[0]) < 255
    return {"pixel_grey": grey, "pixel_not_green": len(values) == 3 and int(values[1]) < int(values.max())}


def scaling_tab(picture: Picture) -> None:
    """Show the pixels from 0 to 255, from 0 to 1, and standardised."""
    dataset = reference(picture)
    mean, deviation = statistics(dataset)
    lessons.show(
        "images.scaling", dataset=DATASETS[dataset].title,
        mean=", ".join(f"{m:.4f}" for m in mean), deviation=", ".join(f"{d:.4f}" for d in deviation),
    )  # fmt: skip
    with st.container(key="explorer"), page.formula():
        place = pixels(picture, scaling=True)
    lessons.show("images.scaling_use")
    ask("divide_by_255")
    tasks.tell(part="scaling", scale=place.get("scale", "raw"), black=-mean[0] / deviation[0])


def labels_tab(picture: Picture) -> None:
    """Show how a class becomes a place in a vector."""
    dataset = DATASETS[reference(picture)]
    names = dataset.class_names
    lessons.show("images.labels")
    left, right = st.columns([2, 3], gap="large")
    with left:
        # A picture of another class gets a widget of its own, which begins with that class.
        start, classes = picture.label or 0, dict(enumerate(names))
        label = _class_shown(dataset.name, start, classes)
        other = Choice(f"other_{dataset.name}", classes, 1, "other").listed("Compare with")
        rows = (
            f"| {place} | {name} | {_bit(place == label)} | {_bit(place == other)} |"
            for place, name in enumerate(names)
        )
        st.markdown("\n".join(("| label | class | one-hot | the other |", "|---:|:---|:---:|:---:|", *rows)))
    with right, page.formula():
        vector = " ".join("1" if place == label else "0" for place in range(len(names)))
        apart = 0 if label == other else 2
        sums.show(f"keras.utils.to_categorical({label}, {len(names)}) = [{vector}]")
        st.markdown(
            f"As numbers, {names[label]} and {names[other]} are $|{label} - {other}| = {abs(label - other)}$ apart."
        )
        st.markdown(rf"As one-hot vectors they are $\sqrt{{{apart}}} = {apart**0.5:.3f}$ apart.")
    with right:
        lessons.show("images.labels_use", classes=len(names), label=label)
    tasks.tell(part="labels")


def _class_shown(dataset: str, start: int, classes: dict[int, str]) -> int:
    """Ask what the picture shows. A picture of another class begins with that class, whatever the address says."""
    key, before = f"label_{dataset}_{start}", _LABELLED.get()
    if before != key and Key[Any](before, None).is_set() and not went_back():
        st.query_params.pop("label", None)
    _LABELLED.set(key)
    return Choice(key, classes, start, "label").listed("What the picture shows")


def _bit(on: bool) -> str:
    return "**1**" if on else "0"


@lru_cache(maxsize=8)
def _averages(dataset: str) -> NDArray[np.uint8]:
    loaded = load(dataset)
    return class_averages(loaded.train, len(loaded.dataset.class_names))


def classes_tab(picture: Picture) -> None:
    """Show how many images each class has, and their mean."""
    loaded = load(reference(picture))
    names = loaded.dataset.class_names
    train, test = (class_counts(part, len(names)).tolist() for part in (loaded.train, loaded.test))
    lessons.show("images.classes", dataset=loaded.dataset.title)
    alt = describe_class_balance(train, test, names)
    st.plotly_chart(class_balance(train, test, names), key="class_balance", alt=alt, config=_CHART)
    lessons.show("images.averages", train=f"{len(loaded.train):,}")
    averages = _averages(loaded.dataset.name)
    with st.container(horizontal=True, key="averages"):
        for name, average in zip(names, averages, strict=True):
            st.image(enlarged(average, 4), caption=name, width=96, alt=f"mean of all training images of {name}")
    tasks.tell(part="classes")
    if picture.pixels.shape != averages.shape[1:]:
        return
    with page.formula():
        nearest, distances = nearest_average(picture.pixels, averages)
        st.markdown(f"{words.escaped(picture.name)} is nearest to the average of **{names[nearest]}**.")
        listed = zip(names, distances, strict=True)
        sums.show("\n".join(f"{name:<12} {distance:.3f}" for name, distance in listed), wrapped=False)
    lessons.show("images.averages_use")


@fragment
def split_tab(picture: Picture) -> None:
    """Show how samples are divided into training, validation and test."""
    loaded = load(reference(picture))
    lessons.show("images.split")
    share = st.slider("Validation share", 0.0, 0.5, 0.1, 0.05, key="validation_share", bind="query-params")
    training, validation = split_validation(loaded.train, share, seed=0)
    sizes = (len(training), len(validation), len(loaded.test))
    st.plotly_chart(split_bar(*sizes), key="split", alt=describe_split(*sizes), config=_CHART)
    with page.formula():
        total = len(loaded.train)
        lines = (f"validation = round({total:,} * {share:.2f}) = {sizes[1]:,}",
                 f"training   = {total:,} - {sizes[1]:,} = {sizes[0]:,}")  # fmt: skip
        sums.show("\n".join(lines))
        counts = class_counts(validation, len(loaded.dataset.class_names))
        st.markdown(
            f"In the validation part each class keeps its share: {', '.join(f'{count:,}' for count in counts)}."
        )
    lessons.show("images.split_use", test=f"{sizes[2]:,}")
    ask("which_samples", "validation_or_test")
    tasks.tell(part="split")
