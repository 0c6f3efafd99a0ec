from pathlib import Path

import pytest
from helpers.claims import experiments
from helpers.passages import Pages, unused

from lib.ui.app.frame import LEARN
from lib.ui.kit import lessons
from lib.ui.learn.page import parse_quiz

ROOT = Path(__file__).parents[2]
# Passages that are entries of a table; test_glossary.py and test_questions.py have them.
ENTRIES = ("glossary", "questions")
LESSONS = sorted(path.stem for path in lessons.FOLDER.glob("*.md") if path.stem not in ENTRIES)


@pytest.fixture(scope="module")
def sources():
    """The pages by their modules' names, and what has tables that they go through."""
    folders = ("pages", "lib/ui", "lib/specs", "lib/export", "lib/engine/diagnosis")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path.read_text() for path in paths}


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_passage_of_a_lesson_has_words(lesson):
    assert lessons._passages(lesson)
    assert [name for name, text in lessons._passages(lesson).items() if not text] == []


@pytest.mark.slow
def test_every_passage_is_shown_by_a_page_but_one_that_was_made_up(sources):
    written = {f"{lesson}.{name}" for lesson in LESSONS for name in lessons._passages(lesson)}
    assert unused({*written, "pooling.nobody_shows_this"}, sources) == ["pooling.nobody_shows_this"]


NAMED = {
    "lib.ui.tables": """
SIZES = {"small": "way.small"}
""",
    "pages.way": """
'''way.docstring'''
from lib.ui.tables import SIZES

_BY_KIND = {"images": "by_images"}
NOTE = "way.note"  # way.comment
lessons.show("way.plain")
lessons.show("way.one" if run else "way.other")
lessons.text(SIZES[size])
lessons.text(f"way.{_BY_KIND[kind]}")
for name, icon in (("loop", 1),):
    lessons.show(f"way.{name}")
begin("stem")
logger.info("way.logged")
if chosen == "way.compared":
    _say("way.said")

def begin(stem):
    lessons.show(f"{stem}.title")
    verdict = "good" if stem else "bad"
    lessons.show(f"way.{verdict}")

def _say(passage):
    st.caption(lessons.text(passage))
""",
    "pages.other": """
_say("way.said_by_nobody")
""",
}


def test_a_passage_counts_as_shown_only_when_its_name_reaches_the_lessons():
    shown = {name for name in Pages(NAMED).shown() if "." in name}
    assert {name for name in shown if name.startswith("way.")} == {
        "way.plain",
        "way.one",
        "way.other",
        "way.small",
        "way.images",
        "way.by_images",
        "way.loop",
        "way.good",
        "way.bad",
        "way.said",
    }  # fmt: skip - the key "images" counts, too: pages also go through the keys of a table
    assert "stem.title" in shown


def test_a_call_whose_passage_nobody_can_tell_is_named():
    with pytest.raises(AssertionError, match=r"pages.way, line 1: nobody can tell what lessons.show\(chosen\(\)\)"):
        Pages({"pages.way": "lessons.show(chosen())"}).shown()


@pytest.mark.parametrize("page", [page for page in LEARN if page not in ENTRIES])
def test_every_learn_page_has_experiments_and_a_question_with_a_reason_for_each_answer(page):
    assert len(experiments(page)) >= 2
    question, answers = parse_quiz(lessons.text(f"{page}.quiz"))
    assert "?" in question
    assert len(answers) >= 3
    assert all(len(answer.why) > 20 for answer in answers)
