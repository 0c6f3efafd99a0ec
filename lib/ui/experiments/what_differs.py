"""What B has otherwise than A, in words: in the form of a new experiment, and above one that was begun."""

from __future__ import annotations

import streamlit as st

from lib.specs.differences import difference, in_words
from lib.specs.run import RunSpec
from lib.ui.kit import lessons, words
from lib.ui.kit.spoiled import mark


def what_differs(a: RunSpec, b: RunSpec) -> None:
    """Name the change, say aloud when it is more than one, and what a layer more or less does to first weights."""
    changes = in_words(difference(a, b))
    if not changes:
        st.info(lessons.text("experiments.nothing_differs"), icon=":material/balance:")
        return
    lessons.show("experiments.differs" if len(changes) == 1 else "experiments.differs_in_many", count=len(changes))
    st.markdown("\n".join(f"- {words.escaped(each)}" for each in changes))
    if [row.name for row in a.model.trace] != [row.name for row in b.model.trace]:
        lessons.show("experiments.other_first_weights")
    for arm, data in (("A", a.data), ("B", b.data)):
        if data.spoiling:  # in few words: what comes of it is to be guessed
            st.warning(lessons.text("spoiled.one", arm=arm, mark=mark(data.spoiling)), icon=":material/warning:")
