"""Downloads of a run: the model, its description, its curves, what is written about it, and the words it knows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import streamlit as st

from lib.engine.errors import EngineError
from lib.engine.runs.snapshot import RunSnapshot
from lib.errors import SetUpError
from lib.export.formats import FORMATS
from lib.export.keras_code import FIRST_WEIGHTS
from lib.specs.codec import to_json
from lib.specs.layers.known import Recurrent
from lib.ui.kit import lessons, unusable
from lib.ui.kit.question_note import ask
from lib.ui.results.run_answers import prepared
from lib.ui.results.written import notebook_of, report_of
from lib.ui.session import own_visit, visitor
from lib.ui.session.asked import in_turn
from lib.ui.session.engine import engine
from lib.ui.session.state import SAMPLE

T = TypeVar("T")

_TAKES = {"images": "takes_images", "text": "takes_text", "table": "takes_table", "points": "takes_points"}
_BYTES = "application/octet-stream"
_OTHER_FORMATS = ("onnx", "litert")


@unusable.told()
def downloads(run: RunSnapshot) -> None:
    """Show the download buttons. What was learned from a person's own data is offered to that person only."""
    mine = run.owner == visitor.owner() or not run.spec.dataset.own
    if mine:
        if run.brought:
            lessons.show("results.brought")
        if run.spec.start is not None:
            lessons.show("results.first_weights", file=FIRST_WEIGHTS)
        lessons.show("results.download", takes=lessons.text(f"results.{_TAKES[run.spec.data.kind]}"))
        ask(*(("one_image",) if run.spec.data.kind == "images" else ()))
    else:
        lessons.show("results.download_curves")
    here = not own_visit.closed(run.spec.data.dataset)
    if mine and not here:
        lessons.show("results.data_gone")
    with st.container(horizontal=True, key="downloads"):
        if mine:
            _model(run, here)
            _written(run, here)
        _button("curves", "Curves (CSV)", "table", curves_csv(run), f"{run.id}.csv", "text/csv")
        if run.spec.data.kind == "text":
            words = partial(vocabulary_text, run)
            _button("vocabulary", "Vocabulary (text)", "dictionary", words, f"{run.id}-words.txt", "text/plain")
        if mine and here:
            _other_formats(run)
    if mine and here:
        _about_formats(run)


def _model(run: RunSnapshot, here: bool) -> None:
    """The model, its weights and its description. The model's scaling is measured on the data, which must be here."""
    weights = partial(engine().export_weights, run.id)
    if here:
        keras = in_turn(partial(engine().export_keras, run.id))
        _button("model", FORMATS["keras"].title, "deployed_code", keras, f"{run.id}.keras", _BYTES, first=True)
    _button("weights", "Weights (.npz)", "weight", weights, f"{run.id}-weights.npz", _BYTES)
    if run.spec.start is not None:
        first = partial(engine().export_weights, run.id, 0)
        _button("first_weights", "First weights (.npz)", "weight", first, f"{run.id}-first-weights.npz", _BYTES)
    _button("spec", "Description (JSON)", "data_object", to_json(run.spec), f"{run.id}.json", "application/json")


def _written(run: RunSnapshot, here: bool) -> None:
    """The notebook, which reads own data from a file, and the report, which shows them."""
    if not run.brought:
        notebook = partial(notebook_of, run)
        _button("notebook", "Notebook (.ipynb)", "menu_book", notebook, f"{run.id}.ipynb", "application/x-ipynb+json")
    if here:
        report = in_turn(partial(report_of, run, SAMPLE.get()))
        _button("report", "Report (HTML)", "article", report, f"{run.id}.html", "text/html")


def _other_formats(run: RunSnapshot) -> None:
    """Formats of other programs, where Keras can write them here."""
    for name in _OTHER_FORMATS:
        kind = FORMATS[name]
        if not kind.missing():
            make = in_turn(partial(engine().looks.export_model, run.id, name))
            _button(name, kind.title, "deployed_code", make, f"{run.id}{kind.ending}", _BYTES)


def _about_formats(run: RunSnapshot) -> None:
    """Show what is missing for a format, and what a file of it needs."""
    for name in _OTHER_FORMATS:
        kind = FORMATS[name]
        if kind.missing():
            packages = " and ".join(f"`{package}`" for package in kind.missing())
            st.caption(lessons.text("results.no_format", title=kind.title, packages=packages))
    if any(isinstance(layer, Recurrent) for layer in run.spec.model.layers):
        st.caption(lessons.text("results.litert_recurrent"))


def _button(
    key: str, label: str, icon: str, content: str | Callable[[], str | bytes], name: str, kind: str, first: bool = False
) -> None:
    """One download; a function makes its content when the button is pressed.

    Args:
        key: the button's key is `download_` and this.
        label, icon: what it shows.
        content: of the file.
        name: the file's name is `layerlab-` and this.
        kind: media type of the file.
        first: the one that most people want.
    """
    st.download_button(
        label, partial(_asked, content) if callable(content) else content, f"layerlab-{name}", kind,
        key=f"download_{key}", icon=f":material/{icon}:", type="primary" if first else "secondary", on_click="ignore",
    )  # fmt: skip


def _asked(make: Callable[[], T]) -> T:
    """A file as the engine makes it; why it cannot is written into the log, the browser says that it could not."""
    try:
        return make()
    except (EngineError, SetUpError) as error:
        raise RuntimeError(str(error)) from error


def vocabulary_text(run: RunSnapshot) -> str:
    """One word a line; the first line is id 0. It is made when the button is pressed.

    Raises:
        DataError: the sentences cannot be read.
    """
    reading = prepared(run).reading
    if reading is None:
        raise TypeError(f"{run.spec.data.dataset} has no words")
    return "\n".join(reading.vocabulary.decode(range(len(reading.vocabulary)))) + "\n"


def curves_csv(run: RunSnapshot) -> str:
    """One line an epoch. Cells are empty where there was no validation part; a predicted number has no accuracy."""
    columns = ["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "seconds", "learning_rate"]
    if run.spec.regression:
        columns = [name for name in columns if "accuracy" not in name]
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(columns)
    for point in run.epoch_points:
        row = [getattr(point, name) for name in columns]
        writer.writerow(["" if value is None else value for value in row])
    return stream.getvalue()
