"""Views of the draft's model: its picture, Keras' own summary, the Keras code, and what training it will cost."""

from __future__ import annotations

from concurrent.futures import Future
from functools import lru_cache
from typing import Any

import streamlit as st

from lib.engine.errors import EngineError
from lib.export.keras_code import keras_code
from lib.figures.build.architecture import architecture, describe_architecture
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec
from lib.ui.kit import lessons, words
from lib.ui.kit.choice import Choice
from lib.ui.kit.fragment import fragment
from lib.ui.kit.question_note import ask
from lib.ui.session.asked import answer, told
from lib.ui.session.engine import engine

_POLL_SECONDS = 0.5
_STARTING_POLL_SECONDS = 3.0
"""While the engine is still starting, which takes it seconds: a class that has just come would ask all the time."""
_WAYS = {"sequential": "Sequential", "functional": "functional"}


@lru_cache(maxsize=64)
def _picture(model: ModelSpec, class_names: tuple[str, ...]) -> Any:
    return architecture(model, class_names)


def picture(spec: RunSpec) -> None:
    """Show the layers as a picture."""
    figure = _picture(spec.model, spec.dataset.class_names)
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


def summary(spec: RunSpec) -> None:
    """Show `model.summary()` as Keras prints it, as soon as a worker has answered.

    A slider that is drawn along asks for its last position alone.
    """
    opened, model = engine(), spec.model
    with st.container(key="model_summary"):
        found = answer("summary", f"summary {model!r}", lambda: opened.summary(model))
        every = _POLL_SECONDS if opened.state().status == "ready" else _STARTING_POLL_SECONDS
        known = found.done() and not found.cancelled()
        fragment(_summary, run_every=None if known else every)(found, known)
    ask("why_none", "count_parameters", "why_1875")


def _summary(found: Future[str], known: bool) -> None:
    if not found.done():
        st.caption(told(found, ":material/hourglass_top: Asking Keras…"))
        return
    if not known:
        st.rerun()
    trouble = found.exception()
    if trouble is None:
        st.code(found.result(), language=None)
    elif isinstance(trouble, EngineError):
        st.warning(str(trouble))
    else:
        raise trouble


def code(spec: RunSpec) -> None:
    """Show the Python that a person would have written by hand."""
    ways = {name: label for name, label in _WAYS.items() if name == "functional" or not spec.model.branched}
    way = Choice("api", ways, next(iter(ways))).segments("API")
    text = keras_code(spec, functional=way == "functional")
    st.code(text, language="python", wrap_lines=True)
    ask("one_image")
    st.download_button(
        "Download as a script",
        text,
        "layerlab_model.py",
        "text/x-python",
        key="download_code",
        icon=":material/download:",
        on_click="ignore",
    )
