"""How soon a page can be used that somebody opens: in a fresh browser, in one that knows it, and by a link from Home.

What Streamlit itself needs is measured in turn, with a page that has next to nothing on it: no page can be sooner.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from benchmarks.chromium import headless
from benchmarks.served import Served, served, wait_healthy
from benchmarks.table import Row, median
from lib.ui.app.frame import LEARN

EMPTY = Path(__file__).with_name("empty_page.py")
TURNS = 6
VISITS = 3
REST_SECONDS = 7.0
"""How long somebody looks at Home before going on; meanwhile the browser reads ahead."""
HOME_LIMIT, LEARN_LIMIT = 1.0, 0.8
HOMES_CONTROL = ".st-key-way_train button"
SIZE = (1400, 900)
# Another title than before, and a control that is on the screen.
USABLE = """before => {
  const main = document.querySelector("[data-testid=stMain]");
  const title = main?.querySelector("h1")?.innerText;
  if (!title || title === before) return false;
  const controls = main.querySelectorAll("input, [role=slider], [data-testid=stButtonGroup] button");
  return [...controls].some((control) => {
    const place = control.getBoundingClientRect();
    return place.width > 0 && place.top < innerHeight;
  });
}"""


def fresh(browser: Browser) -> BrowserContext:
    """A browser that has been nowhere."""
    return browser.new_context(viewport={"width": SIZE[0], "height": SIZE[1]})


def opened(browser: Browser, address: str, control: str) -> tuple[float, float]:
    """Seconds until a control of a page can be used, in a fresh browser and in the same one a second time."""
    with fresh(browser) as context:
        return shown(context, address, control), shown(context, address, control)


def shown(context: BrowserContext, address: str, control: str) -> float:
    """Seconds until a control can be used in a new window, which is closed again."""
    with context.new_page() as page:
        start = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.locator(control).first.wait_for()
        seconds = time.perf_counter() - start
        page.wait_for_load_state("networkidle")
        return seconds


def followed(browser: Browser, server: Served, stem: str) -> float:
    """Seconds from a click on a link until the page can be used, after a look at Home in a fresh browser."""
    with fresh(browser) as context:
        page = context.new_page()
        page.goto(server.url)
        page.locator(HOMES_CONTROL).wait_for()
        page.wait_for_timeout(REST_SECONDS * 1000)
        return clicked(page, stem)


def clicked(page: Page, stem: str) -> float:
    """Seconds from a click on the navigation until the page behind it can be used."""
    before, start = page.locator("h1").first.inner_text(), time.perf_counter()
    page.locator(f"[data-testid=stSidebarNavLink][href$='/{stem}']").click()
    page.wait_for_function(USABLE, arg=before, polling=20)
    return time.perf_counter() - start


def run(quick: bool = False) -> list[Row]:
    """Home and an empty page in turn, then each Learn page."""
    empty: list[tuple[float, float]] = []
    home: list[tuple[float, float]] = []
    visits: dict[str, list[float]] = {}
    with served() as server, served(EMPTY) as bare, headless() as browser:
        for each in (server, bare):
            wait_healthy(each)
        for _ in range(1 if quick else TURNS):
            empty.append(opened(browser, bare.url, "[data-testid=stSlider]"))
            home.append(opened(browser, server.url, HOMES_CONTROL))
        for stem in list(LEARN)[: 1 if quick else None]:
            visits[stem] = [followed(browser, server, stem) for _ in range(1 if quick else VISITS)]
    (bare_first, bare_again), (home_first, home_again) = zip(*empty, strict=True), zip(*home, strict=True)
    return [
        Row("a page of Streamlit with next to nothing on it, in a fresh browser", median(bare_first), "s",
            note=scatter(bare_first)),
        Row("Home in a fresh browser, app running: usable", median(home_first), "s", HOME_LIMIT,
            note=f"{scatter(home_first)}; {median(home_first) / median(bare_first):.2f} times the empty page, in turn"),
        Row("the same empty page in that browser again", median(bare_again), "s", note=scatter(bare_again)),
        Row("Home in that browser again: usable", median(home_again), "s", HOME_LIMIT,
            note=f"{scatter(home_again)}; {median(home_again) / median(bare_again):.2f} times the empty page, in turn"),
        *(Row(f"first visit to {stem} by a link from Home: usable", median(times), "s", LEARN_LIMIT,
              note=scatter(times))
          for stem, times in visits.items()),
    ]  # fmt: skip


def scatter(times: Sequence[float]) -> str:
    """How many there were, from the shortest to the longest."""
    return f"median of {len(times)}, {min(times):.2f} to {max(times):.2f} s"
