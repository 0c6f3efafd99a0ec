"""Which runs cannot be looked into, and why; and what a part of the page says when its samples are gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from lib.engine.runs.snapshot import RunSnapshot
from lib.errors import DataError
from lib.ui.kit import lessons, words
from lib.ui.session import own_visit
from lib.ui.session.engine import engine


def refusal(run: RunSnapshot) -> str:
    """Why this run cannot be looked into, in a sentence, or ""."""
    if own_visit.closed(run.spec.data.dataset):
        return lessons.text("inside.closed")
    if engine().epochs_kept(run.id):
        return ""
    if run.active:
        return lessons.text("inside.not_yet")
    if run.status == "failed":
        return lessons.text("inside.failed", message=words.escaped(run.message))
    return lessons.text("inside.no_weights")


@contextmanager
def samples_told() -> Iterator[None]:
    """Say why the samples are not here, in the place of what needed them; around a fragment or a part of one."""
    try:
        yield
    except DataError as error:
        st.warning(words.escaped(str(error)), icon=":material/visibility_off:")
