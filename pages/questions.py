"""Questions: what people ask again and again. `/questions#why_none` and `/questions?question=why_none` open at one."""

import streamlit as st

from lib.ui.kit import heard, lessons, links, questions
from lib.ui.kit.component import component, whole
from lib.ui.kit.fragment import fragment
from lib.ui.kit.question_entries import QUESTIONS, THEMES
from lib.ui.learn import page

page.begin("questions")


@fragment
def all_questions() -> None:
    words = page.search("question_search")
    found = questions.matching(words)
    if not found.names:
        st.info(lessons.text("questions.none"))
    elif words:
        if not found.whole:
            st.caption(lessons.text("questions.part"))
        for name in found.names:
            _entry(name, "##")
    else:
        _asked_for()
        _contents()
        for theme, title in THEMES.items():
            st.header(title, anchor=theme)
            for name in _of(theme):
                _entry(name, "###")


def _asked_for() -> None:
    """The question that the address names, above all others."""
    name = st.query_params.get("question")
    if name is None:
        return
    heard.tell("question", name in QUESTIONS)
    if name in QUESTIONS:
        with st.container(border=True, key="asked_question"):
            _entry(name, "##", anchored=False)


def _contents() -> None:
    """All questions, each a link to its answer."""
    columns = st.columns(2, gap="large")
    for place, (theme, title) in enumerate(THEMES.items()):
        lines = [f"- [{questions.asked(name)}](#{name})" for name in _of(theme)]
        columns[place > 2].markdown("\n".join([f"**{title}**\n", *lines]))


def _of(theme: str) -> list[str]:
    return [name for name, question in QUESTIONS.items() if question.theme == theme]


def _entry(name: str, level: str, *, anchored: bool = True) -> None:
    """A question, its answer, where one sees it, and who says so."""
    question = QUESTIONS[name]
    heading = st.header if level == "##" else st.subheader
    heading(questions.asked(name), anchor=name if anchored else False)
    st.markdown(questions.answer(name))
    see = question.see
    links.page_link(see.page, f"See it: {see.label}", ":material/visibility:", dict(see.query))
    if question.sources:
        named = "; ".join(f"[{source.title}]({source.url})" for source in question.sources)
        st.caption(f"Source: {named}")


all_questions()
component("arrival")(key="arrival_at_question", data=whole({}), width="content", height=1)
page.onward("questions")
