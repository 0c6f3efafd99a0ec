"""Which images: the picker, a card with what is known of them, and the full size on request."""

from __future__ import annotations

from typing import cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.data.errors import DataError
from lib.data.full_size import Download, start_download
from lib.data.loading import Loaded, class_counts, has_full, load
from lib.data.registry import DATASETS, Dataset
from lib.figures.dataset import class_balance, describe_class_balance
from lib.figures.images import image_grid
from lib.ui import draft, lessons, words
from lib.ui.options import pin

SAMPLES_SHOWN = 20


def dataset_picker() -> None:
    """Choose the dataset and how much of it."""
    data = draft.current().spec.data
    pin("dataset", data.dataset)
    st.selectbox(
        "Dataset",
        list(DATASETS),
        key="dataset",
        format_func=lambda name: DATASETS[name].title,
        on_change=lambda: draft.choose_dataset(st.session_state["dataset"]),
    )
    dataset = DATASETS[data.dataset]
    st.caption(
        f"{words.shape(dataset.input_shape)} pixels, {len(dataset.class_names)} classes · {_amount(dataset, data.size)}"
    )


def _amount(dataset: Dataset, size: str) -> str:
    if size == "full":
        return f"all {dataset.full_train:,} images to train with"
    return f"{dataset.bundled_train:,} of the {dataset.full_train:,} published images to train with"


def dataset_card() -> None:
    """All that is known of the chosen dataset, drawn when a person opens it."""
    data = draft.current().spec.data
    dataset = DATASETS[data.dataset]
    with st.expander("About this dataset", icon=":material/dataset:", key="dataset_card", on_change="rerun") as card:
        if not card.open:
            return
        _sizes(dataset, data.size)
        try:
            loaded = load(data.dataset, data.size)
        except DataError as error:
            st.error(str(error))
            return
        _facts(loaded)


def _facts(loaded: Loaded) -> None:
    dataset = loaded.dataset
    left, right = st.columns([3, 2])
    with left:
        classes = len(dataset.class_names)
        counts = (
            class_counts(loaded.train, classes).tolist(),
            class_counts(loaded.test, classes).tolist(),
            dataset.class_names,
        )
        alt = describe_class_balance(*counts)
        st.plotly_chart(class_balance(*counts), key="class_balance", alt=alt, config={"displayModeBar": False})
    with right:
        shown = _one_of_each(loaded)
        alt = f"{SAMPLES_SHOWN} training images of {dataset.title}: " + ", ".join(dataset.class_names)
        st.image(image_grid(loaded.train.x[shown], columns=5, scale=2), width="stretch", alt=alt)
        st.caption("Two training images of each class")
    lessons.show(
        "build.dataset_card",
        train=f"{len(loaded.train):,}",
        test=f"{len(loaded.test):,}",
        shape=words.shape(dataset.input_shape),
        source=dataset.source,
        url=dataset.source_url,
        licence=dataset.licence,
        citation=dataset.citation,
    )


def _one_of_each(loaded: Loaded) -> NDArray[np.intp]:
    """Positions of two training images of each class."""
    labels = loaded.train.y
    return np.concatenate([np.flatnonzero(labels == label)[:2] for label in range(len(loaded.dataset.class_names))])


# --- the full size -------------------------------------------------------------------------------------------------


def _sizes(dataset: Dataset, size: str) -> None:
    if has_full(dataset.name):
        pin("size", size)
        st.segmented_control(
            "Size",
            ["bundled", "full"],
            key="size",
            required=True,
            format_func=lambda name: f"{name}: {_count(dataset, name):,} images",
            on_change=lambda: draft.set_data(size=st.session_state["size"]),
        )
        return
    download = _download(dataset.name)
    _fetch_panel(dataset, live=download is not None and not download.progress().ended)


def _count(dataset: Dataset, size: str) -> int:
    return dataset.full_train if size == "full" else dataset.bundled_train


def _download(name: str) -> Download | None:
    return cast(Download | None, st.session_state.get(f"download_{name}"))


def _fetch_panel(dataset: Dataset, live: bool) -> None:
    st.fragment(_fetch_progress, run_every=0.5 if live else None)(dataset, live)


def _fetch_progress(dataset: Dataset, live: bool) -> None:
    download = _download(dataset.name)
    progress = download.progress() if download else None
    if progress is not None and progress.ended and live:
        st.rerun()
    if download is not None and progress is not None and not progress.ended:
        st.progress(progress.fraction or 0.0, text=progress.message)
        st.button("Cancel", key="cancel_fetch", icon=":material/close:", on_click=download.cancel)
        return
    if progress is not None:
        st.warning(progress.message, icon=":material/cloud_off:")
    label = f"Fetch all {dataset.full_train:,} images"
    if st.button(label, key="fetch_full", icon=":material/cloud_download:"):
        try:
            st.session_state[f"download_{dataset.name}"] = start_download(dataset.name)
        except DataError as error:
            st.warning(str(error))
            return
        st.rerun()
    st.caption(lessons.text("build.fetch", source=dataset.title))
