"""A quiet note where a question arises: its words, and behind them the short answer."""

from __future__ import annotations

import streamlit as st

from lib.ui.kit import lessons, links, questions


def ask(*names: str) -> None:
    """Show questions that arise here, small and side by side; a click opens the answer.

    Args:
        names: ids in `lib.ui.kit.question_entries.QUESTIONS`.
    """
    if not names:
        return
    with st.container(horizontal=True, gap="small"):
        for name in names:
            with st.popover(f":small[{questions.asked(name)}]", icon=":material/help:", type="tertiary", wrap=True):
                st.markdown(questions.answer(name))
                links.page_link("questions", lessons.text("questions.among_all"), ":material/quiz:", {"question": name})
