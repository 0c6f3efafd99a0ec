"""Downloads of a run: the model, its description, its curves, and the words it knows."""

from __future__ import annotations

import csv
import io

import streamlit as st

from lib.engine.api import EngineError
from lib.engine.runs.snapshot import RunSnapshot
from lib.errors import SetUpError
from lib.specs.codec import to_json
from lib.ui.kit import lessons, unusable
from lib.ui.results.run_answers import prepared
from lib.ui.session import visitor
from lib.ui.session.engine import engine

_TAKES = {"images": "takes_images", "text": "takes_text", "table": "takes_table", "points": "takes_points"}


@unusable.told()
def downloads(run: RunSnapshot) -> None:
    """Show the download buttons. What was learned from a person's own data is offered to that person only."""
    mine = run.owner == visitor.owner() or not run.spec.dataset.own
    if mine:
        lessons.show("results.download", takes=lessons.text(f"results.{_TAKES[run.spec.data.kind]}"))
    else:
        lessons.show("results.download_curves")
    with st.container(horizontal=True, key="downloads"):
        if mine:
            _of_the_model(run)
        st.download_button(
            "Curves (CSV)", curves_csv(run), f"layerlab-{run.id}.csv", "text/csv",
            key="download_curves", icon=":material/table:", on_click="ignore",
        )  # fmt: skip
        if run.spec.data.kind == "text":
            st.download_button(
                "Vocabulary (text)", lambda: vocabulary_text(run), f"layerlab-{run.id}-words.txt", "text/plain",
                key="download_vocabulary", icon=":material/dictionary:", on_click="ignore",
            )  # fmt: skip


def _of_the_model(run: RunSnapshot) -> None:
    st.download_button(
        "Model (.keras)", lambda: _model(run.id), f"layerlab-{run.id}.keras", "application/octet-stream",
        key="download_model", icon=":material/deployed_code:", type="primary", on_click="ignore",
    )  # fmt: skip
    st.download_button(
        "Description (JSON)", to_json(run.spec), f"layerlab-{run.id}.json", "application/json",
        key="download_spec", icon=":material/data_object:", on_click="ignore",
    )  # fmt: skip


def _model(run_id: str) -> bytes:
    """The model as a file. A worker writes it when the button is pressed."""
    try:
        return engine().export_keras(run_id)
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
