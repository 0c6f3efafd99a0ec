"""The way back in: a description that LayerLab wrote, and weights that belong to it. No other file is opened."""

from __future__ import annotations

import streamlit as st

from lib.concepts.forward import weight_shapes
from lib.data.own.weights_file import read_weights
from lib.engine.errors import EngineError
from lib.errors import DataError
from lib.specs.codec import MAX_TEXT, from_json, to_query
from lib.specs.fields import SpecError
from lib.specs.run import RunSpec
from lib.ui.kit import lessons, links, words
from lib.ui.kit.fragment import fragment
from lib.ui.kit.opened import Opened
from lib.ui.session import draft, own_visit, visitor
from lib.ui.session.engine import engine, settings

_OPENED = Opened("bring_back")
_MODEL_FILES = (b"\x89HDF", b"PK\x03\x04", b"\x80")  # HDF5; .keras and other zips; pickles
DESCRIPTION_MB, WEIGHTS_MB = 1, 50


def bring_back() -> None:
    """Let a person bring a description, and weights if they have them."""
    with _OPENED.heading("Bring a run back", ":material/upload_file:"):
        _bring()


@fragment
def _bring() -> None:
    lessons.show("results.bring")
    left, right = st.columns(2)
    with left:
        described = st.file_uploader("Description (JSON)", key="bring_spec", max_upload_size=DESCRIPTION_MB)
    with right:
        weights = st.file_uploader(
            "Its weights (.npz), if you have them", key="bring_weights", max_upload_size=WEIGHTS_MB
        )
    if described is None:
        if weights is not None:
            st.info(lessons.text("results.bring_spec_first"))
        return
    try:
        spec = read_description(described.getvalue())
    except (SpecError, DataError) as error:
        st.error(words.escaped(str(error)), icon=":material/error:")
        return
    summary = f"{spec.dataset.title}, {len(spec.model.layers)} layers, {spec.model.parameters:,} parameters"
    st.caption(words.escaped(summary))
    links.page_link("build", "Open it in Build & train", ":material/construction:", to_query(spec))
    if weights is not None and st.button("Test these weights", key="bring_test", icon=":material/play_arrow:"):
        _test(spec, weights.getvalue())


def read_description(content: bytes) -> RunSpec:
    """The run that a brought description is of.

    Args:
        content: the file.

    Raises:
        SpecError: it is no description, or one that breaks its rules.
        DataError: it is a model file, or about data that this visitor may not see.
    """
    if content.startswith(_MODEL_FILES):
        raise DataError(lessons.text("results.bring_model_file"))
    if len(content) > 4 * MAX_TEXT:
        raise SpecError(f"a description has at most {MAX_TEXT:,} letters, but this file has {len(content):,} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SpecError("this file is no text, so it is no description of a run") from None
    spec = from_json(text)
    if own_visit.closed(spec.data.dataset):
        raise DataError(lessons.text("own_data.private"))
    return spec


def _test(spec: RunSpec, content: bytes) -> None:
    """Have the weights tested, and follow that on Build."""
    problem = spec.problem(settings())  # before any size is worked out for a network that is too large
    try:
        if problem:
            raise EngineError(problem)
        weights = read_weights(content, weight_shapes(spec.model))
        run_id = engine().bring(spec, weights, visitor.owner())
    except (DataError, EngineError) as error:
        st.error(words.escaped(str(error)), icon=":material/error:")
        return
    draft.attach(run_id)
    st.switch_page("pages/build.py", query_params={"run": run_id})
