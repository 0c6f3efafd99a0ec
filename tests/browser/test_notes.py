"""A term of a lesson opens as a note beside the text."""

import pytest
from helpers.following import go
from playwright.sync_api import expect

from lib.ui.kit import glossary_entries

pytestmark = pytest.mark.follows
MEANING = {entry.slug: entry.meaning for entry in glossary_entries.entries()}


def test_a_term_opens_as_a_note_and_the_keyboard_goes_in_and_back(app, page):
    go(page, f"{app}/gradient_descent")
    page.get_by_text("What it is for").click()  # what is drawn later has notes, too
    link = page.locator("a[href='glossary#decay']").first
    note = page.get_by_test_id("note")
    expect(note).to_be_attached()  # before that, a link opens the glossary
    link.click()
    note.wait_for()
    expect(note).to_be_in_viewport()
    expect(note).to_be_focused()
    expect(note).to_contain_text("weights that move towards 0")
    assert len(page.context.pages) == 1
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(link).to_be_focused()

    page.keyboard.press("Enter")
    nested = note.get_by_role("link", name="learning rate")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(nested).to_be_focused()
    page.keyboard.press("Enter")
    expect(note).to_contain_text("Learning rate")
    expect(note).to_contain_text(MEANING["learning-rate"].splitlines()[0])
    note.get_by_role("button", name="Back").click()
    expect(note).to_contain_text("weights that move towards 0")
    with page.expect_popup() as opened:
        note.get_by_role("link", name="Open in the glossary").click()
    expect(opened.value.locator("[id='decay']").first).to_be_in_viewport()
    opened.value.close()

    page.mouse.click(3, 3)
    expect(note).to_be_hidden()
    with page.context.expect_page() as opened:
        link.click(modifiers=["ControlOrMeta"])
    opened.value.wait_for_url("**/glossary#decay")
    expect(note).to_be_hidden()
