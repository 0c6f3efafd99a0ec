"""What a person takes along from a run: the model, its description, its curves."""

from __future__ import annotations

import csv
import io

import streamlit as st

from lib.engine.api import EngineError
from lib.engine.snapshot import RunSnapshot
from lib.specs.codec import to_json
from lib.ui import lessons
from lib.ui.engine import engine


def downloads(run: RunSnapshot) -> None:
    """Show the download buttons."""
    lessons.show("results.download")
    with st.container(horizontal=True, key="downloads"):
        st.download_button(
            "Model (.keras)",
            lambda: _model(run.id),
            f"layerlab-{run.id}.keras",
            "application/octet-stream",
            key="download_model",
            icon=":material/deployed_code:",
            type="primary",
            on_click="ignore",
        )
        st.download_button(
            "Description (JSON)",
            to_json(run.spec),
            f"layerlab-{run.id}.json",
            "application/json",
            key="download_spec",
            icon=":material/data_object:",
            on_click="ignore",
        )
        st.download_button(
            "Curves (CSV)",
            curves_csv(run),
            f"layerlab-{run.id}.csv",
            "text/csv",
            key="download_curves",
            icon=":material/table:",
            on_click="ignore",
        )


def _model(run_id: str) -> bytes:
    """Made when the button is pressed: a worker writes the file."""
    try:
        return engine().export_keras(run_id)
    except EngineError as error:
        raise RuntimeError(str(error)) from error


def curves_csv(run: RunSnapshot) -> str:
    """One line an epoch; empty cells where there was no validation part."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "seconds", "learning_rate"])
    for p in run.epoch_points:
        row = (p.epoch, p.loss, p.accuracy, p.val_loss, p.val_accuracy, p.seconds, p.learning_rate)
        writer.writerow(["" if value is None else value for value in row])
    return stream.getvalue()
