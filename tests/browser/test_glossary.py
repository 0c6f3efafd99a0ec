from helpers.page_runs import at_rest, laid_out
from playwright.sync_api import expect


def test_an_address_with_a_term_opens_at_its_entry(app, page):
    page.goto(f"{app}/glossary#stride")
    expect(page.get_by_role("heading", name="Stride", exact=True)).to_be_in_viewport()
    expect(page.get_by_role("heading", name="Glossary", exact=True)).not_to_be_in_viewport()


def test_what_is_laid_out_late_does_not_move_the_entry_away_until_a_person_acts(app, page):
    page.goto(f"{app}/glossary#stride")
    entry = page.get_by_role("heading", name="Stride", exact=True)
    expect(entry).to_be_in_viewport()
    at_rest(page)
    wider = "rem => document.querySelector('[data-testid=stMainBlockContainer]').style.paddingTop = `${rem}rem`"
    page.evaluate(wider, 200)
    laid_out(page)
    expect(entry).to_be_in_viewport()
    page.keyboard.press("Shift")
    page.evaluate(wider, 400)
    laid_out(page)
    expect(entry).not_to_be_in_viewport()


def test_a_letter_jumps_to_its_entries_without_a_new_tab(app, page):
    page.goto(f"{app}/glossary")
    entry = page.get_by_role("heading", name="Weight", exact=True)
    expect(entry).not_to_be_in_viewport()
    page.get_by_role("link", name="W", exact=True).click()
    expect(entry).to_be_in_viewport()
    assert len(page.context.pages) == 1


def test_the_search_filters_while_a_person_types_and_comes_back(app, page):
    page.goto(f"{app}/glossary")
    box = page.locator(".st-key-search input")
    box.press_sequentially("dilat")
    expect(page.get_by_role("heading", level=2)).to_have_text(["Dilation"])
    box.press("ControlOrMeta+a")
    box.press("Delete")
    expect(page.get_by_role("heading", name="Adam", exact=True)).to_be_attached()
