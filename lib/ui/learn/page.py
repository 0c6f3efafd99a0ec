"""What all Learn pages share: beginning and end, the quiz, the code of a concept, and the ways onward."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from lib.specs.tasks.known import TASKS
from lib.ui.app import frame
from lib.ui.kit import lessons, links, turns
from lib.ui.kit.fragment import fragment
from lib.ui.kit.key import Key
from lib.ui.kit.opened import Opened
from lib.ui.learn import address, tasks
from lib.ui.session import progress

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator


_LONGEST_SEARCH = 100  # characters
_NOTICE: Key[DeltaGenerator | None] = Key("learn_notice", None)
"""The place below the title for what is known only when all controls have been drawn."""
_ARRIVES: Key[bool] = Key("learn_arrives", False)
"""Whether somebody has just come to the page and nothing of it is on its way to them yet."""
_CODE = Opened("code")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a quiz: what it says, whether it is right, and why."""

    words: str
    right: bool
    why: str


def begin(stem: str, *, staged: bool = False) -> None:
    """Begin the Learn page `pages/{stem}.py`: the frame, and the passage `title` of its lesson.

    Args:
        stem: the page's file stem.
        staged: show only the heading of the passage, because the page has a `stage`.
    """
    arrived = frame.begin(frame.LEARN[stem].title)
    _ARRIVES.set(arrived)
    passage = lessons.text(f"{stem}.title")
    st.markdown(lessons.opening(passage)[0] if staged else passage)
    address.begin(stem)
    _NOTICE.set(st.container())
    tasks.begin(stem, arrived=arrived)


def stage(stem: str) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Lay out a lesson so that its picture and its controls are on the first screen, with the prose beside them.

    On a phone the prose comes first, then the picture, and below it the controls. `lib/ui/app/style.css` holds the
    places.

    Args:
        stem: the page's file stem; its passage `title` is the prose.

    Returns:
        Where the picture goes, and where its controls go; to be used in a `with`.
    """
    with st.container(key="lesson"):
        with st.container(key="lesson_prose"):
            st.markdown(lessons.opening(lessons.text(f"{stem}.title"))[1])
        return st.container(key="lesson_picture"), st.container(key="lesson_controls")


def below() -> None:
    """Say that what follows stands below the first screen: whoever arrives gets what stands on it first.

    What comes to a browser at once it draws at once, all charts of the page before any control can be used.
    """
    if _ARRIVES.take():
        turns.until_sent()


def formula() -> DeltaGenerator:
    """The box for a page's formula with its numbers filled in, to be used in a `with`."""
    return st.container(key="formula", border=True)


def closing(stem: str, *code: Callable[..., Any] | type) -> None:
    """End a Learn page: its tasks, the quiz (passage `quiz`), the code, and the pages around.

    A page without tasks shows its passage `try` instead.

    Args:
        stem: the page's file stem.
        code: functions of `lib.concepts` whose source a person may read.
    """
    if stem in TASKS:
        tasks.show(stem)
        quiz(f"{stem}.quiz")
    else:
        try_it, question = st.columns(2, gap="large")
        with try_it:
            lessons.show(f"{stem}.try")
        with question:
            quiz(f"{stem}.quiz")
    if code:
        show_code(*code)
    onward(stem)


@fragment
def quiz(name: str, key: str = "quiz") -> None:
    """A question to answer before looking: choose, then see why each answer is right or wrong.

    Args:
        name: the passage, such as `pooling.quiz`; see `parse_quiz` for how it is written.
        key: the container's key. The widgets' keys come from `name`: an answer must not follow to another page.
    """
    question, answers = parse_quiz(lessons.text(name))
    own = name.replace(".", "_")
    with st.container(key=key, border=True):
        st.markdown(question)
        chosen = st.radio(
            "Your answer", range(len(answers)), index=None, key=f"{own}_answer", label_visibility="collapsed",
            format_func=lambda place: answers[place].words,
        )  # fmt: skip
        revealed: Key[int | None] = Key(f"{own}_revealed", None)
        if st.button("Reveal", key=f"{own}_reveal", disabled=chosen is None, icon=":material/visibility:"):
            revealed.set(chosen)
            if chosen is not None:
                progress.answer(name, chosen, answers[chosen].right)
        if chosen is not None and revealed.get() == chosen:
            _explain(answers, chosen)
        _remember(name, answers)


def _remember(name: str, answers: tuple[Answer, ...]) -> None:
    """Say how somebody answered first. That tells nobody who has not answered yet which one is right."""
    known = progress.mine().answers.get(name)
    if known is not None and known.first < len(answers):
        found = "tasks.answered_right" if known.right_at is not None else "tasks.answered"
        st.caption(lessons.text(found, words=answers[known.first].words))


def _explain(answers: tuple[Answer, ...], chosen: int) -> None:
    verdict = st.success if answers[chosen].right else st.warning
    verdict("Yes." if answers[chosen].right else "Not quite.")
    for place, answer in enumerate(answers):
        sign = ":green[:material/check:]" if answer.right else ":red[:material/close:]"
        mark = " (your answer)" if place == chosen else ""
        st.markdown(f"{sign} **{answer.words}**{mark}: {answer.why}")


def parse_quiz(text: str) -> tuple[str, tuple[Answer, ...]]:
    """A question and its answers, as a lesson writes them.

    Args:
        text: the question; then for each answer a line `- [x] words` (right) or `- [ ] words` (wrong), and under it,
            indented, why.

    Raises:
        ValueError: fewer than two answers, no right one, or an answer without its reason.

    >>> parse_quiz("How many?\\n- [x] one\\n  because\\n- [ ] two\\n  no")[1][0]
    Answer(words='one', right=True, why='because')
    """
    question, *rest = re.split(r"^- \[([ x])\] ", text, flags=re.MULTILINE)
    answers = []
    for mark, body in zip(rest[::2], rest[1::2], strict=True):
        words, _, why = body.partition("\n")
        if not why.strip():
            raise ValueError(f"the answer {words!r} needs its reason on the indented line below")
        answers.append(Answer(words.strip(), mark == "x", " ".join(why.split())))
    if len(answers) < 2 or not any(answer.right for answer in answers):
        raise ValueError(f"a quiz needs two answers, one of them right: {text!r:.80}")
    return question.strip(), tuple(answers)


def search(key: str) -> str:
    """A field to search the page with, which answers while somebody types; what was typed.

    It belongs into a fragment with what it searches: typing draws that again.

    Args:
        key: the field's, and its name in the address.
    """
    typed = st.text_input(
        "Search", key=key, type="search", max_chars=_LONGEST_SEARCH, live=True, icon=":material/search:",
        bind="query-params",
    )  # fmt: skip
    return typed or ""


@fragment
def show_code(*code: Callable[..., Any] | type) -> None:
    """Show the source of functions on request: the very code that runs on this page."""
    with _CODE.heading("Show the code", ":material/code:") as part:
        if part.open:
            st.code("\n\n".join(map(_source, code)), language="python")


@cache
def _source(code: Callable[..., Any] | type) -> str:
    return inspect.getsource(code)


def onward(stem: str) -> None:
    """End a page: say above its controls what in its address they could not use, and link to the pages around it."""
    notice = _NOTICE.take()
    if notice is not None:
        with notice:
            address.end()
    stems = list(frame.LEARN)
    place = stems.index(stem)
    before, after = stems[:place][-1:], stems[place + 1 :][:1]
    with st.container(horizontal=True, key="onward"):
        for other, icon in [*((s, ":material/arrow_back:") for s in before),
                            *((s, ":material/arrow_forward:") for s in after)]:  # fmt: skip
            links.page_link(other, frame.LEARN[other].title, icon)
        links.page_link("build", "Train a network with it", ":material/model_training:")
