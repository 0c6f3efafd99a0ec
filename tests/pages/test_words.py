import doctest

import pytest

from lib.ui.app import sidebar
from lib.ui.app.frame import LEARN
from lib.ui.kit import lessons, words
from lib.ui.learn.page import parse_quiz


@pytest.mark.parametrize("module", [words, sidebar], ids=lambda module: module.__name__)
def test_the_examples_in_the_docstrings_hold(module):
    outcome = doctest.testmod(module)
    assert outcome.attempted
    assert not outcome.failed


PAGES = sorted(path.stem for path in lessons.FOLDER.glob("*.md") if path.stem != "glossary")
# `learn.begin` and `learn.closing` show these on every Learn page.
SHARED = ("title", "try", "quiz")


@pytest.mark.parametrize("page", PAGES)
def test_every_passage_of_a_page_has_words_and_is_used(page):
    source = "\n".join(
        path.read_text()
        for folder in ("pages", "lib/ui")
        for path in (lessons.FOLDER.parents[1] / folder).rglob("*.py")
    )
    for name, text in lessons._passages(page).items():
        assert text, name
        shared = page in LEARN and name in SHARED
        assert shared or f'{page}.{name}"' in source or f'"{name}"' in source, f"{page}.{name} is shown nowhere"


@pytest.mark.parametrize("page", [page for page in LEARN if page != "glossary"])
def test_every_learn_page_has_experiments_and_a_question_with_a_reason_for_each_answer(page):
    assert lessons.text(f"{page}.try").count("\n") >= 2
    question, answers = parse_quiz(lessons.text(f"{page}.quiz"))
    assert question.endswith("?") or "?" in question
    assert len(answers) >= 3
    assert all(len(answer.why) > 20 for answer in answers)
