"""Glossary: every word that the lessons link to. `/glossary#stride` opens at "Stride"."""

import streamlit as st

from lib.ui.kit import glossary_entries, lessons
from lib.ui.kit.component import component, whole
from lib.ui.kit.fragment import fragment
from lib.ui.learn import page

page.begin("glossary")


@fragment
def terms() -> None:
    words = page.search("search")
    found = glossary_entries.matching(words)
    if not found:
        st.info(lessons.text("glossary.none"))
        return
    if words:
        st.markdown("\n\n".join(_entry(entry, "##") for entry in found))
        return
    letters = glossary_entries.by_initial(found)
    st.markdown(" &ensp;".join(f"[{letter}](#{letter.lower()})" for letter in letters))
    parts = [f"## {letter}\n\n" + "\n\n".join(_entry(entry, "###") for entry in letters[letter]) for letter in letters]
    st.markdown("\n\n".join(parts))


def _entry(entry: glossary_entries.Entry, level: str) -> str:
    return f"{level} {entry.term}\n{entry.meaning}"


terms()
component("arrival")(key="arrival", data=whole({}), width="content", height=1)
page.onward("glossary")
