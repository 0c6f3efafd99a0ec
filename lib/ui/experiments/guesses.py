"""The notebook of guesses: what a person expected of each experiment, what came, and how often they were right."""

from __future__ import annotations

import streamlit as st

from lib.engine.experiments.snapshot import UNFINISHED
from lib.ui.experiments.guessed import Guessed, guessed
from lib.ui.kit import lessons, words
from lib.ui.kit.opened import Opened
from lib.ui.session import visitor
from lib.ui.session.engine import engine

_OPENED = Opened("notebook")


def guesses() -> None:
    """Show the notebook; nothing before the first experiment with a guess is over."""
    over = [each for each in engine().experiments.of(visitor.owner()) if each.status not in UNFINISHED]
    if not over:
        return
    scores = {score.id: score for score in engine().scores(visitor.owner())}
    told = [row for each in over if (row := guessed(each, scores)) is not None]
    if not told:
        return
    with st.container(key="guesses"):
        lessons.show("experiments.guesses", right=sum(row.right for row in told), all=len(told))
        with _OPENED.heading("The notebook", ":material/edit_note:"):
            st.markdown(words.table(["about", "you expected", "it came", "right", "from"], map(_cells, told)))
            lessons.show("experiments.guesses_right")


def _cells(row: Guessed) -> list[str]:
    return [row.about, row.expected, row.came, "yes" if row.right else "no", row.amount]
