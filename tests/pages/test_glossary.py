import re

import pytest

from lib.ui.app.frame import LEARN
from lib.ui.kit import lessons
from lib.ui.kit.glossary_entries import by_initial, entries, matching


def shown(page):
    return "\n".join(each.value for each in page.markdown)


def test_every_term_that_a_lesson_links_to_has_an_entry():
    linked = {
        (lessons.slug(address or words), path.stem)
        for path in lessons.FOLDER.glob("*.md")
        for words, address in re.findall(r"\[\[([^\]|]+)(?:\|([^\]]+))?\]\]", path.read_text(encoding="utf-8"))
    }
    known = {entry.slug for entry in entries()}
    assert linked
    assert {(slug, lesson) for slug, lesson in linked if slug not in known} == set()


def test_every_entry_has_an_anchor_of_its_own_and_words():
    anchors = [entry.slug for entry in entries()] + [initial.lower() for initial in by_initial(entries())]
    assert len(set(anchors)) == len(anchors) > 70
    assert [entry.term for entry in entries() if len(entry.meaning) < 40] == []


def test_every_link_of_an_entry_leads_to_a_page_of_the_app():
    targets = {target for entry in entries() for target in re.findall(r"\]\(([a-z_]+)\)", entry.meaning)}
    assert targets
    assert targets <= {*LEARN, "build", "results"}


def test_a_search_finds_terms_first_and_does_not_look_into_addresses():
    found = [entry.term for entry in matching("Stride")]
    assert found[0] == "Stride"
    assert "Padding" in found  # which speaks of stride 1
    assert matching("gradient_descent") == ()
    assert len(matching("  ")) == len(entries())


@pytest.mark.parametrize("words", ["[", "(?i)", "\\", "{", "%s", "ｓｔｒｉｄｅ", "x" * 5000])
def test_a_search_takes_any_characters(words):
    assert isinstance(matching(words), tuple)


def test_the_page_filters_and_says_so_when_nothing_is_left(open_page):
    page = open_page("pages/glossary.py")
    assert "### Stride" in shown(page)
    assert "### Adam" in shown(page)
    page.text_input(key="search").set_value("stride").run()
    assert "## Stride" in shown(page)
    assert "## Adam" not in shown(page)
    page.text_input(key="search").set_value("zzzz").run()
    assert "## " not in shown(page)
    assert page.info[0].value == lessons.text("glossary.none")
    assert not page.exception
