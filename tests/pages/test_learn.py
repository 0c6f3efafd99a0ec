"""What all Learn pages share, on one of them."""

from types import SimpleNamespace

import pytest
import streamlit as st

from lib.ui.kit import lessons
from lib.ui.learn import page as learn_page
from lib.ui.learn.page import parse_quiz


def quiz_of(page):
    return page.radio(key="pooling_quiz_answer"), page.button(key="pooling_quiz_reveal")


def test_nothing_is_revealed_before_an_answer_is_chosen(open_page):
    page = open_page("pages/pooling.py")
    choice, reveal = quiz_of(page)
    assert choice.value is None
    assert reveal.disabled
    assert not page.success
    assert not page.warning


@pytest.mark.parametrize("right", [True, False])
def test_an_answer_is_judged_and_every_answer_gets_its_reason(open_page, right):
    page = open_page("pages/pooling.py")
    _, answers = parse_quiz(lessons.text("pooling.quiz"))
    place = next(i for i, answer in enumerate(answers) if answer.right == right)
    quiz_of(page)[0].set_value(place).run()
    quiz_of(page)[1].click().run()
    assert [bool(page.success), bool(page.warning)] == [right, not right]
    shown = "\n".join(element.value for element in page.markdown)
    assert all(answer.why in shown for answer in answers)


@pytest.mark.parametrize(
    ("name", "above", "below"),
    [("activations", "x", "z1"), ("overfitting", "degree", "units"), ("flattening", "picture_source", "filters")],
)
def test_who_arrives_gets_the_first_screen_before_what_stands_below_it(open_page, monkeypatch, name, above, below):
    sent = []

    def drawn():
        sent.append([key in st.session_state for key in (above, below)])

    monkeypatch.setattr(learn_page, "turns", SimpleNamespace(until_sent=drawn))
    page = open_page(f"pages/{name}.py")
    assert sent == [[True, False]]
    page.run()
    assert len(sent) == 1
    assert not page.exception


def test_another_choice_hides_what_was_revealed(open_page):
    page = open_page("pages/pooling.py")
    quiz_of(page)[0].set_value(0).run()
    quiz_of(page)[1].click().run()
    quiz_of(page)[0].set_value(1).run()
    assert not page.success
    assert not page.warning


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Why?\n- [x] so\n  because", "needs two answers"),
        ("Why?\n- [x] so\n- [ ] or so\n  no", "needs its reason"),
        ("Why?\n- [ ] so\n  no\n- [ ] or so\n  no", "one of them right"),
    ],
)
def test_a_quiz_that_cannot_be_asked_is_refused(text, complaint):
    with pytest.raises(ValueError, match=complaint):
        parse_quiz(text)


def test_the_code_shown_is_the_code_that_runs(open_page):
    page = open_page("pages/pooling.py", code="open")
    assert any("def max_pool2d" in code.value for code in page.code)
    assert not any("def max_pool2d" in code.value for code in open_page("pages/pooling.py").code)


def test_a_term_links_to_its_glossary_entry():
    assert lessons._linked("a [[stride]] and two [[strides|stride]]") == (
        "a [stride](glossary#stride) and two [strides](glossary#stride)"
    )
