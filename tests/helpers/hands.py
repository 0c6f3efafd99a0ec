"""A learner in a browser who sets the controls of a page by hand until they show what an address says."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.acting import FOLLOWS, KEYS, LOOKED, PRESSED
from helpers.page_runs import script_ended
from playwright.sync_api import Locator, Page, expect

from lib.concepts.kernels import KERNELS
from lib.figures.learn.scenes import VECTOR_COLUMNS
from lib.specs.datasets import IMAGES
from lib.specs.tasks.task import Address

LABELS: Mapping[str, Mapping[str, str]] = {
    "kernel": {name: kernel.title for name, kernel in KERNELS.items()},
    "picture_dataset": {name: dataset.title for name, dataset in IMAGES.items()},
    "subject": {"picture": "the picture", "dot": "one dot"},
    "surface": {"two_minima": "two minima"},
    "logits_from": {"units": "the ten units", "own": "my own"},
}
"""What people read where it is not the id itself, by the parameter's name."""
OF_THEIR_OWN = ("pooling", "attention")
"""Pages with a control whose key is not its name in the address."""
TINY = 1e-6
RESTS_MS = 700
"""Longer than somebody has to stay at a place before a component tells it (`place.js`)."""


def set_by_hand(page: Page, stem: str, address: Address, known: Address) -> None:
    """Set each control that an address names, one after the other, and wait until the page has followed.

    Args:
        page: where the page is shown.
        stem: its file stem.
        address: what the controls are to show.
        known: what the address says now.
    """
    places = {name: str(text) for name, text in address.items() if name in LOOKED}
    following = {each for name in address for each in FOLLOWS.get(name, ())}
    for name, wanted in address.items():
        if name in (*places, *following, "part") or known.get(name) == wanted:
            continue
        if name in PRESSED:
            for _ in range(int(str(wanted))):
                page.locator(f".st-key-{PRESSED[name]} button").click()
                at_rest(page)
        else:
            key = KEYS.get(name, name) if stem in OF_THEIR_OWN else name
            _set(page, page.locator(f".st-key-{key}").first, name, wanted)
            at_rest(page)
    if "scale" in places:
        page.get_by_test_id(f"scale-{places['scale']}").click()
    elif "step" in places:
        page.get_by_test_id("scrub").fill(places["step"])
    elif places and stem == "flattening":
        _walk_to(page, int(places["row"]), int(places["column"]))
    elif places:
        _point_at(page, int(places["row"]), int(places["column"]))
    if places:
        page.wait_for_timeout(RESTS_MS)
        at_rest(page)


def at_rest(page: Page) -> None:
    """Wait until nothing runs. A control waits a moment itself before it tells the app."""
    page.wait_for_timeout(150)
    script_ended(page)


def _set(page: Page, control: Locator, name: str, wanted: str | tuple[str, ...]) -> None:
    if control.locator("[data-variant=pills]").count():
        _choose_only(control, (wanted,) if isinstance(wanted, str) else wanted)
        return
    assert isinstance(wanted, str)
    label = LABELS.get(name, {}).get(wanted, wanted)
    if control.locator("[data-variant=segmented_control]").count():
        control.get_by_text(label, exact=True).click()
    elif control.get_by_role("switch").count():
        if control.get_by_role("switch").is_checked() != (wanted == "true"):
            control.locator("label").first.click()
    elif control.get_by_role("slider").count():
        _slide(control, float(wanted))
    elif control.get_by_test_id("stSelectbox").count():
        control.locator("input").click()
        page.get_by_role("option", name=label, exact=True).click()
    else:
        control.locator("input").fill(wanted)
        control.locator("input").press("Enter")


def _slide(control: Locator, wanted: float) -> None:
    """Move a slider with the keys: in large steps while they come nearer, then in small ones."""
    handle = control.get_by_role("slider")
    for up, down in (("PageUp", "PageDown"), ("ArrowRight", "ArrowLeft")):
        far = abs(wanted - _value(control))
        while far > TINY:
            higher = wanted > _value(control)
            handle.press(up if higher else down)
            now = abs(wanted - _value(control))
            if now >= far or (now > TINY and higher != (wanted > _value(control))):
                break
            far = now
    assert abs(wanted - _value(control)) < TINY, f"the slider stands at {_value(control)}, not at {wanted}"


def _value(control: Locator) -> float:
    """What stands above a slider's handle."""
    return float(control.get_by_test_id("stSliderThumbValue").inner_text().replace(",", ""))


def _choose_only(control: Locator, wanted: tuple[str, ...]) -> None:
    """Press the buttons of a list of which several may be chosen, until these alone are."""
    buttons = control.locator("[data-variant=pills]")
    for place in range(buttons.count()):
        button = buttons.nth(place)
        chosen = button.get_attribute("data-selected") is not None
        if chosen != (button.inner_text().strip() in wanted):
            button.click()


def _walk_to(page: Page, row: int, column: int) -> None:
    """Walk along the vector of the page Flatten, dense, softmax with the keys, from its first number."""
    vector = page.get_by_test_id("output")
    vector.press("Control+Home")
    index = row * VECTOR_COLUMNS + column
    for _ in range(index):
        vector.press("ArrowRight")
    expect(page.get_by_test_id("position")).to_contain_text(f"index {index}")


def _point_at(page: Page, row: int, column: int) -> None:
    """Point at a pixel of the page Images, counted from 1."""
    picture = page.get_by_test_id("output")
    picture.scroll_into_view_if_needed()
    rows, columns = picture.evaluate("canvas => [canvas.height, canvas.width]")
    box = picture.bounding_box()
    assert box is not None
    for down, across in ((0.5, 0.5), (row - 0.5, column - 0.5)):
        page.mouse.move(box["x"] + across / columns * box["width"], box["y"] + down / rows * box["height"])
    expect(page.get_by_test_id("position")).to_have_text(f"row {row}, column {column}")
