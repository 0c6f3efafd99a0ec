"""Where a person looks inside a component stands in the address: a link, a reload and Back open the same place."""

import re

import pytest
from helpers.following import go
from helpers.page_runs import count_runs, runs_counted, script_ended
from playwright.sync_api import expect

pytestmark = pytest.mark.follows


@pytest.fixture
def opened(app, page):
    """A page at an address, still."""

    def open_at(address):
        go(page, f"{app}/{address}")
        expect(page.get_by_test_id("position")).not_to_be_empty()
        script_ended(page)
        return page

    return open_at


def position(page):
    return page.get_by_test_id("position")


def test_the_explorers_cell_stands_in_the_address_and_opens_again(opened):
    page = opened("convolution")
    first = position(page).text_content()
    page.wait_for_url(re.compile("convolution$"))  # nobody has looked anywhere yet
    count_runs(page)
    page.get_by_test_id("output").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"row=1&column=1&held=1$"))
    assert runs_counted(page) == 0
    page.reload()
    expect(position(page)).to_have_text("row 1, column 1")
    expect(page.locator(".pin")).to_have_text("held: click it again to let go")
    assert first != "row 1, column 1"


def test_the_cell_outlives_an_address_that_the_app_writes_and_back_finds_the_earlier_one(opened):
    page = opened("pooling?row=3&column=4&held=1")
    expect(position(page)).to_have_text("row 3, column 4")
    page.locator(".st-key-subject").get_by_text("one dot").click()
    page.wait_for_url(re.compile("subject=dot"))
    page.wait_for_url(re.compile("row=3&column=4"))
    page.get_by_test_id("output").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_url(re.compile("row=4"))
    page.locator(".st-key-subject").get_by_text("stripes").click()
    page.wait_for_url(re.compile("subject=stripes"))
    page.wait_for_url(re.compile("row=4&column=4"))
    page.go_back()
    page.wait_for_url(re.compile("subject=dot"))
    expect(position(page)).to_have_text("row 4, column 4")
    page.go_back()
    expect(position(page)).to_have_text("row 3, column 4")


def test_in_another_picture_the_cell_moves_to_where_something_happens_unless_it_is_held(opened):
    page = opened("pooling")
    page.get_by_test_id("output").focus()
    page.keyboard.press("Control+Home")
    page.wait_for_url(re.compile("row=0&column=0"))
    page.get_by_role("button", name="Another").click()
    expect(position(page)).not_to_have_text("row 0, column 0")
    page.wait_for_url(lambda url: "row=" not in url)
    page.get_by_test_id("output").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("row=0&column=0&held=1"))
    page.get_by_role("button", name="Another").click()
    page.wait_for_url(re.compile("picture_number=22"))
    expect(position(page)).to_have_text("row 0, column 0")


def test_a_map_that_was_chosen_opens_again(opened):
    page = opened("convolution?kernel=edge_detectors")
    page.get_by_role("button", name="Laplacian").click()
    page.wait_for_url(re.compile("map=2"))
    page.reload()
    page.get_by_text("output 26×26×4: Laplacian").wait_for()


def test_the_step_of_backpropagation_opens_again(opened):
    page = opened("backpropagation?step=5")
    expect(position(page)).to_contain_text("step 5 of")
    page.get_by_role("button", name="Step on").click()
    page.wait_for_url(re.compile("step=6"))
    page.reload()
    expect(position(page)).to_contain_text("step 6 of")


def test_the_step_of_a_descent_opens_again(opened):
    page = opened("gradient_descent?surface=bowl&start_x=-3&start_y=2&rate=0.5&optimizers=SGD&step=1")
    expect(position(page)).to_have_text("step 1")
    expect(page.get_by_test_id("numbers")).to_contain_text("x -1.5y 1loss 1.62")
    page.get_by_test_id("scrub").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("step=2"))
    page.keyboard.press("End")
    page.wait_for_url(lambda url: "step=" not in url)


def test_the_word_and_the_unit_of_a_cell_open_again(opened):
    page = opened("sequences?step=11&unit=3&sentence=fine+film")
    expect(position(page)).to_have_text("step 11 of 12: fine")
    expect(page.get_by_test_id("sums")).to_contain_text("unit 3 at “fine”")
    page.get_by_test_id("states").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.wait_for_url(re.compile("step=12&unit=4"))
    page.get_by_label("Your sentence").fill("dull film indeed")
    expect(position(page)).to_have_text("step 12 of 12: indeed")
    page.wait_for_url(lambda url: "step=" not in url)


def test_the_pixel_and_the_scale_open_again(opened):
    page = opened("images?part=scaling&row=7&column=9&scale=unit")
    expect(position(page)).to_have_text("row 7, column 9")
    expect(page.get_by_test_id("scale-unit")).to_have_attribute("aria-pressed", "true")
    page.get_by_test_id("scale-standard").click()
    page.wait_for_url(re.compile("row=7&column=9&scale=standard"))


def test_a_search_opens_again(app, page):
    go(page, f"{app}/glossary")
    page.locator(".st-key-search input").press_sequentially("dilat")
    page.wait_for_url(re.compile("search=dilat"))
    page.reload()
    expect(page.get_by_role("heading", level=2)).to_have_text(["Dilation"])


def test_going_to_another_page_leaves_the_place_behind(opened):
    page = opened("pooling?row=3&column=4")
    page.get_by_test_id("stSidebarNav").get_by_text("Convolution", exact=True).click()
    page.get_by_role("heading", name=re.compile("Convolution"), level=1).wait_for()
    page.wait_for_url(re.compile("/convolution(?!.*row=)"))


def test_what_an_address_asks_in_vain_is_said(app, page):
    go(page, f"{app}/pooling?pool_size=99&row=4&column=4")
    page.get_by_text("The address says pool_size=99, which this page cannot use.").wait_for()
    expect(position(page)).to_have_text("row 4, column 4")
