import doctest

import pytest

from lib.ui import lessons, sidebar, words


@pytest.mark.parametrize("module", [words, sidebar], ids=lambda module: module.__name__)
def test_the_examples_in_the_docstrings_hold(module):
    outcome = doctest.testmod(module)
    assert outcome.attempted
    assert not outcome.failed


@pytest.mark.parametrize("page", ["home", "build", "results"])
def test_every_passage_of_a_page_has_words_and_is_used(page):
    source = "\n".join(
        path.read_text() for folder in ("pages", "lib/ui") for path in (lessons.FOLDER.parents[1] / folder).glob("*.py")
    )
    for name, text in lessons._passages(page).items():
        assert text, name
        assert f'{page}.{name}"' in source or f'"{name}"' in source, f"{page}.{name} is shown nowhere"
