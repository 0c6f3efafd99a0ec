"""Views of the draft's model: its picture, Keras' own summary, the Keras code, and what training it will cost."""

from __future__ import annotations

import secrets
from concurrent.futures import Future
from functools import lru_cache
from typing import Any

import streamlit as st

from lib.engine.errors import EngineError
from lib.engine.newest import Newest
from lib.export.keras_code import keras_code
from lib.figures.build.architecture import architecture, describe_architecture
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec
from lib.ui.kit import lessons, theme, words
from lib.ui.kit.key import Key
from lib.ui.session.engine import engine, settings

_POLL_SECONDS = 0.5
_STARTING_POLL_SECONDS = 3.0
"""While the engine is still starting, which takes it seconds: a class that has just come would ask all the time."""
_ASKER = Key("summary_asker", "")
"""Whose newest model is asked about: this session, whatever else its visitor has open."""
_WAYS = {"sequential": "Sequential", "functional": "functional"}


@lru_cache(maxsize=64)
def _picture(model: ModelSpec, class_names: tuple[str, ...], ink: str) -> Any:
    return architecture(model, class_names, ink)


def picture(spec: RunSpec) -> None:
    """Show the layers as a picture."""
    figure = _picture(spec.model, spec.dataset.class_names, theme.ink())
    alt = describe_architecture(spec.model)
    st.plotly_chart(figure, key="architecture", alt=alt, config={"displayModeBar": False})


def costs(spec: RunSpec) -> None:
    """Show parameters, memory and time before anything is started."""
    seconds = engine().estimate_seconds(spec)
    with st.container(horizontal=True, key="costs"):
        st.metric("Parameters", f"{spec.model.parameters:,}", width="content")
        memory = words.megabytes(spec.model.memory_mb(spec.training.batch_size))
        st.metric("Memory for a batch", memory, width="content", help=lessons.text("build.memory"))
        time = "?" if seconds is None else f"about {words.duration(seconds)}"
        st.metric("Training time", time, width="content", help=lessons.text("build.time"))


# --- model.summary() -----------------------------------------------------------------------------------------------


@st.cache_resource(show_spinner=False)
def _keras() -> Newest[ModelSpec, str]:
    """Keras' summaries of models. No page waits for one, and a slider that is drawn along asks for the last alone."""
    return Newest(engine().summary, settings().workers)


def summary(spec: RunSpec) -> None:
    """Show `model.summary()` as Keras prints it, as soon as a worker has answered."""
    if not _ASKER.is_set():
        _ASKER.set(secrets.token_hex(8))
    with st.container(key="model_summary"):
        answer = _keras().ask(_ASKER.get(), spec.model)
        every = _POLL_SECONDS if engine().state().status == "ready" else _STARTING_POLL_SECONDS
        st.fragment(_summary, run_every=None if answer.done() else every)(answer, answer.done())


def _summary(answer: Future[str], known: bool) -> None:
    if answer.cancelled() or not answer.done():
        st.caption(":material/hourglass_top: Asking Keras…")
        return
    if not known:
        st.rerun()
    trouble = answer.exception()
    if trouble is None:
        st.code(answer.result(), language=None)
    elif isinstance(trouble, EngineError):
        st.warning(str(trouble))
    else:
        raise trouble


def code(spec: RunSpec) -> None:
    """Show the Python that a person would have written by hand."""
    ways = ["functional"] if spec.model.branched else list(_WAYS)
    way = st.segmented_control(
        "API", ways, default=ways[0], key="api", required=True, format_func=_WAYS.__getitem__
    )  # fmt: skip
    text = keras_code(spec, functional=way == "functional")
    st.code(text, language="python", wrap_lines=True)
    st.download_button(
        "Download as a script",
        text,
        "layerlab_model.py",
        "text/x-python",
        key="download_code",
        icon=":material/download:",
        on_click="ignore",
    )
