"""The dataset: a list to choose it, a card with what is known of it, and its full size on request."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.data.full.download import Download, start_download
from lib.data.loading import class_counts, has_full
from lib.data.parts import Part
from lib.data.preparing import Prepared, prepare
from lib.errors import DataError
from lib.figures.base.images import image_grid
from lib.figures.build.dataset import class_balance, describe_class_balance
from lib.specs.data import DataSpec
from lib.specs.datasets import DATASETS, Dataset
from lib.specs.run import RunSpec
from lib.ui.build import own_data
from lib.ui.kit import lessons, words
from lib.ui.kit.fragment import fragment
from lib.ui.kit.key import Key
from lib.ui.kit.opened import Opened
from lib.ui.kit.options import pin
from lib.ui.kit.question_note import ask
from lib.ui.session import draft, other_data, own_visit

_BRING = "bring"
"""The list's entry for own data; no dataset has this name."""
_CARD = Opened("dataset_card", "card")
_DATASET, _SIZE = Key("dataset", ""), Key("size", "bundled")


def dataset_picker() -> None:
    """Let a person choose a dataset of LayerLab's, or bring their own data."""
    data = draft.current().spec.data
    titles = {name: dataset.title for name, dataset in DATASETS.items()}
    titles |= {name: f"{facts.title} (yours)" for name, facts in own_visit.mine().items()}
    titles.setdefault(data.dataset, data.facts.title)
    titles[_BRING] = "Your own data…"
    names, chosen = list(titles), _BRING if own_data.is_open() else data.dataset
    pin(_DATASET.name, chosen)
    st.selectbox(
        "Dataset", names, names.index(chosen), key=_DATASET.name, format_func=titles.__getitem__, on_change=_choose
    )
    st.caption(_in_short(data))


def _choose() -> None:
    name = _DATASET.get()
    own_data.set_open(name == _BRING)
    # `closed` also reads own data that were kept. Data that are gone by now cannot be chosen.
    if name not in (_BRING, draft.current().spec.data.dataset) and not own_visit.closed(name):
        other_data.choose_dataset(name)


def _in_short(data: DataSpec) -> str:
    """A line that says what a sample is, how many classes there are, and how many samples."""
    dataset, classes = data.facts, data.class_names
    what = {
        "images": f"{words.shape(dataset.input_shape)} pixels",
        "table": f"{len(dataset.columns)} columns of numbers",
        "text": "sentences",
        "points": f"{len(data.number_names)} numbers a point",
    }[data.kind]
    answer = f"{len(classes)} classes" if classes else "a number to predict"
    fold = f" · fold {data.fold} of {data.folds} is held back to validate on" if data.folds else ""
    if data.kind == "points" or dataset.own or data.available == dataset.full_train:
        return f"{what}, {answer} · {data.available:,} samples to train with{fold}"
    return f"{what}, {answer} · {data.available:,} of the {dataset.full_train:,} published samples to train with{fold}"


def dataset_card() -> None:
    """Show the card with all that is known of the chosen dataset. It is drawn when a person opens it."""
    spec = draft.current().spec
    with _CARD.heading("About this dataset", ":material/dataset:") as card:
        if not card.open:
            return
        if spec.data.kind in ("images", "text") and not spec.dataset.own:
            _sizes(spec.dataset, spec.data.size)
        try:
            _facts(spec, prepare(spec.data.without_folds, 0.0))
        except DataError as error:
            st.error(str(error))


def _facts(spec: RunSpec, ready: Prepared) -> None:
    dataset, names = spec.dataset, spec.data.class_names
    if names:
        counts = *(class_counts(part, len(names)).tolist() for part in (ready.train, ready.test)), names
        alt = describe_class_balance(*counts)
        st.plotly_chart(class_balance(*counts), key="class_balance", alt=alt, config={"displayModeBar": False})
    _examples(spec, ready)
    if dataset.own:
        lessons.show("own_data.card", train=f"{len(ready.train):,}", test=f"{len(ready.test):,}", what=_what(spec.data))
        return
    lessons.show(
        "build.dataset_card",
        train=f"{len(ready.train):,}",
        test=f"{len(ready.test):,}",
        what=_what(spec.data),
        source=dataset.source,
        url=dataset.source_url,
        licence=dataset.licence,
        citation=dataset.citation,
    )
    if dataset.name == "mnist":
        lessons.show("build.test_digits")
    if dataset.name == "cifar10":
        lessons.show("build.near_copies")
        ask("near_copies")


def _what(data: DataSpec) -> str:
    shape = words.shape(data.input_shape)
    return {
        "images": f"{shape}, whole numbers from 0 to 255",
        "text": f"a row of {shape} word numbers",
        "table": f"{shape} numbers",
        "points": f"{shape} numbers",
    }[data.kind]


def _examples(spec: RunSpec, ready: Prepared) -> None:
    """Show two training samples of each class: pictures, or rows of a table."""
    shown, names = _some_of_each(ready.train, len(spec.data.class_names)), spec.data.class_names
    if spec.data.kind == "images":
        alt = f"{len(shown)} training images of {spec.dataset.title}: " + ", ".join(names)
        st.image(image_grid(ready.train.x[shown], columns=5, scale=2), width="stretch", alt=alt)
        st.caption("Two training images of each class")
    elif spec.data.kind == "table":
        head = ["class", *spec.dataset.columns]
        rows = [[names[ready.train.y[i]], *(f"{value:g}" for value in ready.train.x[i])] for i in shown]
        st.markdown(words.table(head, rows))
        st.caption("Two training rows of each class")


def _some_of_each(part: Part, classes: int) -> NDArray[np.intp]:
    """Positions of two samples of each class."""
    places = [np.flatnonzero(part.y == label)[:2] for label in range(classes)]
    return np.concatenate(places) if places else np.empty(0, np.intp)


# --- the full size -------------------------------------------------------------------------------------------------


def _sizes(dataset: Dataset, size: str) -> None:
    if has_full(dataset.name):
        pin(_SIZE.name, size)
        st.segmented_control(
            "Size",
            ["bundled", "full"],
            default=size,
            key=_SIZE.name,
            required=True,
            format_func=lambda name: f"{name}: {_count(dataset, name):,} samples",
            on_change=lambda: draft.set_data(size=_SIZE.get()),
        )
        return
    download = _download(dataset.name).get()
    _fetch_panel(dataset, live=download is not None and not download.progress().ended)


def _count(dataset: Dataset, size: str) -> int:
    return dataset.full_train if size == "full" else dataset.bundled_train


def _download(dataset: str) -> Key[Download | None]:
    """The download of a dataset that this session has begun."""
    return Key(f"download_{dataset}", None)


def _fetch_panel(dataset: Dataset, live: bool) -> None:
    fragment(_fetch_progress, run_every=0.5 if live else None)(dataset, live)


def _fetch_progress(dataset: Dataset, live: bool) -> None:
    download = _download(dataset.name).get()
    progress = download.progress() if download else None
    if progress is not None and progress.ended and live:
        st.rerun()
    if download is not None and progress is not None and not progress.ended:
        st.progress(progress.fraction or 0.0, text=progress.message)
        st.button("Cancel", key="cancel_fetch", icon=":material/close:", on_click=download.cancel)
        return
    if progress is not None:
        st.warning(progress.message, icon=":material/cloud_off:")
    label = f"Fetch all {dataset.full_train:,} samples"
    if st.button(label, key="fetch_full", icon=":material/cloud_download:"):
        try:
            _download(dataset.name).set(start_download(dataset.name))
        except DataError as error:
            st.warning(str(error))
            return
        st.rerun()
    st.caption(lessons.text("build.fetch", source=dataset.title))
