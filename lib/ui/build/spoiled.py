"""The data of the draft, or of the run that is shown, are spoiled on purpose: said aloud."""

from __future__ import annotations

import streamlit as st

from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.data import HONEST
from lib.specs.run import RunSpec
from lib.ui.kit import lessons
from lib.ui.kit.spoiled import mark, spoiled_notice
from lib.ui.session import draft


def spoiled_draft(spec: RunSpec) -> None:
    """Say how the draft's images are spoiled, and offer honest ones; nothing where they are honest."""
    if spoiled_notice(spec.data):
        st.button(
            lessons.text("spoiled.mend"), key="use_honest_data", icon=":material/cleaning_services:",
            on_click=lambda: draft.set_data(spoiled=HONEST),
        )  # fmt: skip


def spoiled_run(spec: RunSpec, run: RunSnapshot | None) -> None:
    """Say of the run whose curves are shown that its data are spoiled, where the draft's are not so.

    Args:
        spec: the draft.
        run: the run that Build follows, or None.
    """
    if run is not None and run.spec.data.spoiling not in ("", spec.data.spoiling):
        with st.container(key="spoiled_run"):
            st.warning(lessons.text("spoiled.run", mark=mark(run.spec.data.spoiling)), icon=":material/warning:")
