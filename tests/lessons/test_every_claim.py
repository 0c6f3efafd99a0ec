"""Each experiment and each answer of each Learn page has a test of its own in this folder."""

import ast
from pathlib import Path

import pytest
from helpers.claims import answers, experiments

from lib.specs.tasks.known import TASKS
from lib.ui.app.frame import LEARN
from lib.ui.kit import lessons

FOLDER = Path(__file__).parent
PAGES = [page for page in LEARN if page in TASKS or "try" in lessons._passages(page)]


def written_for(page):
    tree = ast.parse((FOLDER / f"test_{page}.py").read_text(encoding="utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


def test_only_glossary_and_questions_have_neither_experiments_nor_a_quiz():
    assert set(LEARN) - set(PAGES) == {"glossary", "questions"}


@pytest.mark.parametrize("page", PAGES)
def test_each_experiment_and_each_answer_has_a_test(page):
    wanted = [f"test_experiment_{number}_" for number, _ in enumerate(experiments(page), 1)]
    wanted += [f"test_answer_{number}_" for number, _ in enumerate(answers(page), 1)]
    names = written_for(page)
    assert len(wanted) >= 6
    assert [start for start in wanted if not any(name.startswith(start) for name in names)] == []
