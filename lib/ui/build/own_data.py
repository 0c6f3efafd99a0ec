"""Own data: a person brings a file, sees what was understood of it, and decides what becomes of the data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, cast

import numpy as np
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from lib.data.loading import class_counts
from lib.data.own import shelf
from lib.data.own.dataset import SIDES, ZIP_MB, OwnData, Understood, images_of, table_of, to_plain
from lib.data.own.delimited import TableLimits, read_rows
from lib.data.own.notes import Notes
from lib.data.own.pictures import printable
from lib.errors import DataError
from lib.figures.base.images import image_grid
from lib.ui.build.near_duplicates import near_duplicates
from lib.ui.kit import lessons, words
from lib.ui.kit.fragment import fragment
from lib.ui.kit.key import Key
from lib.ui.kit.noted import Noted, one_of
from lib.ui.kit.options import pin
from lib.ui.session import draft, other_data, own_visit

_OPEN, _TROUBLE = Noted("own_data_open", "bring", "", one_of("", "open")), Key("own_data_trouble", "")
_ASKED = Key("own_label_asked", "")
"""The class column that a person chose last; the next file may have it, too."""
_STAY = Key("keep_own", False)
_CHANNELS: dict[Literal[1, 3], str] = {1: "grey", 3: "colour"}
_SPREADSHEETS = (".xlsx", ".xls", ".ods", ".numbers")
_UNDERSTOOD = {"images": "own_data.understood_images", "table": "own_data.understood_table"}
CLASSES_SHOWN, ROWS_SHOWN, COLUMNS_SHOWN, NOTES_SHOWN = 12, 2, 8, 3


def is_open() -> bool:
    """Whether the visitor is about to bring data."""
    return _OPEN.shown() == "open"


def set_open(wanted: bool) -> None:
    """Open or close the uploader."""
    _OPEN.set("open" if wanted else "")


def own_data_panel() -> None:
    """Show the uploader if it is open; else, for own data in use, what can be done with them."""
    name = draft.current().spec.data.dataset
    if is_open():
        with st.container(key="own_data_panel", border=True):
            fragment(_bring)()
    elif own_visit.is_own(name):
        with st.container(key="own_data_panel", border=True):
            _in_use(name)


# --- bringing ------------------------------------------------------------------------------------------------------


def _bring() -> None:
    lessons.show("own_data.bring", megabytes=ZIP_MB, table_megabytes=f"{TableLimits().file_mb:g}")
    file = st.file_uploader(
        "A zip of images, or a table", key="own_data", max_upload_size=ZIP_MB, label_visibility="collapsed"
    )
    if file is None:
        return
    try:
        understood = _understood(file)
    except DataError as error:
        st.error(f"{words.escaped(printable(file.name))}: {words.escaped(str(error))}", icon=":material/error:")
        st.caption(lessons.text("own_data.refused", title=draft.current().spec.dataset.title))
        return
    with st.container(key="own_data_preview"):
        _preview(understood)
    if st.button("Use these data", key="use_own_data", type="primary", icon=":material/check:"):
        _use(understood.data)


def _use(data: OwnData) -> None:
    try:
        own_visit.take(data)
    except DataError as error:
        st.error(str(error))
        return
    own_visit.this_visit().read.clear()
    set_open(False)
    other_data.choose_dataset(data.facts.name)
    st.rerun()


def _understood(file: UploadedFile) -> Understood:
    """What the reader makes of the file. Shows the options that such a file has, and follows them.

    Raises:
        DataError: the file cannot be read; the text says why.
    """
    content = file.getvalue()
    if file.name.lower().endswith(_SPREADSHEETS):
        raise DataError("This is a spreadsheet program's own format. Save the table as CSV, and bring that file.")
    if content.startswith(b"PK") or file.name.lower().endswith(".zip"):
        with st.container(horizontal=True):
            side = st.segmented_control(
                "Side in pixels", SIDES, default=SIDES[0], required=True, key="own_side",
                help=lessons.text("own_data.side"),
            )  # fmt: skip
            channels = st.segmented_control(
                "Colour", list(_CHANNELS), default=1, required=True, key="own_channels",
                format_func=_CHANNELS.__getitem__,
            )  # fmt: skip
        key = (file.file_id, side, channels)
        return cast(Understood, _once("data", key, lambda: images_of(content, file.name, side, channels)))
    header = _once("header", file.file_id, lambda: read_rows(content, TableLimits(), Notes()).header)
    wanted = _ASKED.get() if _ASKED.get() in header else header[-1]
    # A list of its own for each file: what a browser says late of the list before means nothing for this one.
    chosen = Key(f"own_label_{file.file_id}", wanted)
    with st.container(key="own_label"):
        label = st.selectbox(
            "Column of the classes", header, header.index(wanted), key=chosen.name, help=lessons.text("own_data.label"),
            on_change=_ask, args=(chosen, wanted),
        )  # fmt: skip
    return cast(Understood, _once("data", (file.file_id, label), lambda: table_of(content, file.name, label)))


def _ask(chosen: Key[str], shown: str) -> None:
    """Remember a class column that a person has chosen. What the page shows by itself a slow browser may tell, too."""
    if chosen.get() and chosen.get() != shown:
        _ASKED.set(chosen.get())


def _once(what: str, key: object, make: Callable[[], Any]) -> Any:
    """A result, remembered until it is asked for under another key. A refusal is remembered, too."""
    read = own_visit.this_visit().read
    if what not in read or read[what][0] != key:
        with st.spinner("Reading the file …"):
            try:
                read[what] = (key, make())
            except DataError as error:
                read[what] = (key, str(error))
    result = read[what][1]
    if isinstance(result, str):
        raise DataError(result)
    return result


# --- what was understood -------------------------------------------------------------------------------------------


def _preview(understood: Understood) -> None:
    data, facts = understood.data, understood.data.facts
    lessons.show(
        _UNDERSTOOD[facts.kind], title=facts.title, samples=f"{len(data.train) + len(data.test):,}",
        classes=len(facts.class_names), shape=words.shape(facts.input_shape), train=f"{len(data.train):,}",
        test=f"{len(data.test):,}", label=words.escaped(understood.label), megabytes=words.megabytes(data.size_mb),
    )  # fmt: skip
    left, right = st.columns([2, 3], gap="large")
    with left:
        _classes(data)
    with right:
        if facts.kind == "images":
            _pictures(data)
        else:
            _rows(data)
    _left_out(understood.notes)


def _classes(data: OwnData) -> None:
    names = data.facts.class_names
    counts = class_counts(data.train, len(names)) + class_counts(data.test, len(names))
    rows = [[_short(name, 24), f"{count:,}"] for name, count in zip(names, counts.tolist(), strict=True)]
    st.markdown(words.table(["class", words.samples(data.facts.kind)], rows[:CLASSES_SHOWN]))
    if len(rows) > CLASSES_SHOWN:
        st.caption(f"… and {len(rows) - CLASSES_SHOWN} more classes")


def _pictures(data: OwnData) -> None:
    """Show two pictures of each class as the network will see them."""
    names = data.facts.class_names[:CLASSES_SHOWN]
    shown = np.concatenate([np.flatnonzero(data.train.y == label)[:2] for label in range(len(names))])
    alt = "Two pictures of each class: " + ", ".join(names)
    scale = 1 if data.facts.input_shape[0] > SIDES[0] else 2
    st.image(image_grid(data.train.x[shown], columns=6, scale=scale), width="content", alt=alt)
    st.caption("Two of each class, as the network will see them")


def _rows(data: OwnData) -> None:
    """Show some rows, each written from top to bottom, so that they fit onto a phone."""
    columns, names = data.facts.columns, data.facts.class_names
    head = ["class", *(_short(names[label], 12) for label in data.train.y[:ROWS_SHOWN])]
    values = zip(columns[:COLUMNS_SHOWN], data.train.x[:ROWS_SHOWN].T, strict=False)
    st.markdown(words.table(head, [[_short(column, 14), *(f"{value:g}" for value in row)] for column, row in values]))
    more = len(columns) - COLUMNS_SHOWN
    st.caption(f"{ROWS_SHOWN} rows" + (f"; {more} more columns are not shown" if more > 0 else ""))


def _short(name: str, most: int) -> str:
    """A name as it fits into a cell on a phone: a table does not break words."""
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _left_out(notes: tuple[str, ...]) -> None:
    """Show what was left out or changed: the first sentences at once, the others on request."""
    if not notes:
        st.caption("Nothing was left out.")
        return
    lines = [f"- {words.escaped(note)}" for note in notes]
    st.markdown("\n".join(lines[:NOTES_SHOWN]))
    if len(lines) > NOTES_SHOWN:
        with st.expander(f"{len(lines) - NOTES_SHOWN} more remarks", key="own_data_notes"):
            st.markdown("\n".join(lines[NOTES_SHOWN:]))


# --- afterwards ----------------------------------------------------------------------------------------------------


def _in_use(name: str) -> None:
    kept = own_visit.is_kept(name)
    lessons.show("own_data.kept" if kept else "own_data.visit")
    pin(_STAY.name, kept)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.toggle("Keep them on this machine", kept, key=_STAY.name, on_change=_keep, args=(name,))
        st.download_button(
            "As arrays (.npz)", lambda: to_plain(shelf.data(name))["samples"], "own_data.npz", key="download_own",
            icon=":material/download:", on_click="ignore", help=lessons.text("own_data.arrays"),
        )  # fmt: skip
        st.button("Delete", key="delete_own", icon=":material/delete:", on_click=_delete, args=(name,))
    trouble = _TROUBLE.take()
    if trouble:
        st.error(trouble)
    near_duplicates(draft.current().spec)


def _keep(name: str) -> None:
    if not _STAY.get():
        own_visit.keep_no_longer(name)
        return
    try:
        own_visit.keep(name)
    except DataError as error:
        _TROUBLE.set(str(error))


def _delete(name: str) -> None:
    other_data.choose_dataset("mnist")
    own_visit.delete(name)
