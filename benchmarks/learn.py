"""How soon a Learn page answers in Chromium: a slider with a new picture, the explorer with a new window.

Time runs from the key press on the slider until the picture that belongs to it is drawn: the explorer says so itself
(`performance.measure`), a plotly chart by its event, a picture by its new source.
"""

from __future__ import annotations

import asyncio
import io
import math
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image
from playwright.sync_api import Page

from benchmarks.chromium import browser_page
from benchmarks.classroom import start_training
from benchmarks.served import Served, served, wait_healthy
from benchmarks.table import Row, median, percentile

PRESSES = 20
WARM_UP = 2
HOVERS = 120
LIMITS = {"alone": (200, 400), "while a training runs": (350, 700)}
REDRAW_LIMIT = 16
# Eight filters on a colour picture of 64x64: the largest scene that the page offers.
LARGEST = "/convolution?picture_source=upload&kernel=random_filters"


@dataclass(frozen=True, slots=True)
class Moved:
    """A slider of a page and the picture that must follow.

    Attributes:
        stem: the page.
        slider: its key.
        query: what the page is opened with.
        role: what it is to a screen reader; a number field takes the arrow keys as well.
    """

    stem: str
    slider: str
    query: str = ""
    role: Literal["slider", "spinbutton"] = "slider"


SLIDERS = (
    Moved("images", "rotation", "part=augmentation"),
    Moved("convolution", "kernel_size"),
    Moved("pooling", "pool_size"),
    Moved("flattening", "temperature"),
    Moved("activations", "x"),
    Moved("gradient_descent", "steps"),
    Moved("backpropagation", "x1", role="spinbutton"),
    Moved("overfitting", "degree"),
    Moved("sequences", "row_length"),
    Moved("attention", "attention_temperature"),
)

# What is drawn now, whatever draws it; `window.answer` is the time from the next key press until that has changed.
# Streamlit puts a new element into the page for a changed chart, so a chart that was not there before counts too.
WATCH = """() => {
  const within = (root) => [root, ...[...root.querySelectorAll("*")].filter((e) => e.shadowRoot)
    .flatMap((e) => within(e.shadowRoot))];
  const roots = within(document), known = new WeakMap();
  let numbers = 0, drawn = 0;
  const chart = (element) => {
    if (!element.querySelector(".main-svg .trace, .main-svg .hm, .main-svg image")) return "";
    if (!known.has(element)) {
      known.set(element, ++numbers);
      element.on("plotly_afterplot", () => { drawn += 1; });
    }
    return known.get(element);
  };
  const picture = () => {
    const newest = performance.getEntriesByName("explorer-redraw").reduce((last, e) => Math.max(last, e.startTime), 0);
    const charts = [...document.querySelectorAll(".js-plotly-plot")].map(chart);
    const images = [...document.querySelectorAll("[data-testid=stImage] img")].map((e) => e.src + e.complete);
    const places = roots.flatMap((root) => [...root.querySelectorAll("[data-testid=position], svg text")]);
    const words = places.map((e) => e.textContent);
    return [newest, drawn, Math.max(0, ...charts), ...images, ...words].join();
  };
  picture();
  window.answer = new Promise((resolve) => {
    let pressed = 0, before = "";
    document.addEventListener("keydown", () => { pressed = performance.now(); before = picture(); },
      { capture: true, once: true });
    const look = () => {
      if (pressed && picture() !== before) resolve(performance.now() - pressed);
      else if (pressed && performance.now() - pressed > 20000) resolve(NaN);
      else requestAnimationFrame(look);
    };
    look();
  });
}"""

REDRAWS = """(name) => {
  const found = performance.getEntriesByName(name).map((entry) => entry.duration);
  performance.clearMeasures(name);
  return found;
}"""
# `window.answer` is the time from the next key press until the matrix has other words.
ENTERED = """() => {
  const within = (root) => [root, ...[...root.querySelectorAll("*")].filter((e) => e.shadowRoot)
    .flatMap((e) => within(e.shadowRoot))];
  const matrix = within(document).map((e) => e.querySelector("[data-testid=attention-matrix]")).find(Boolean);
  window.answer = new Promise((resolve) => {
    const before = matrix.textContent;
    document.addEventListener("keydown", () => {
      const pressed = performance.now();
      const look = () => {
        if (matrix.textContent !== before) resolve(performance.now() - pressed);
        else if (performance.now() - pressed > 20000) resolve(NaN);
        else requestAnimationFrame(look);
      };
      look();
    }, { capture: true, once: true });
  });
}"""
# 32 words: as many as the network reads.
SENTENCE = "+".join(f"{word}+film" for word in ("a", "good", "bad", "dull", "moving", "quiet", "long", "fine") * 2)


def settle(page: Page) -> None:
    """Wait until the script has ended."""
    page.locator("h1").first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def move(page: Page, url: str, moved: Moved, presses: int) -> list[float]:
    """Milliseconds of some presses, to the right and back in turn."""
    page.goto(f"{url}/{moved.stem}?{moved.query}")
    settle(page)
    thumb = page.locator(f".st-key-{moved.slider}").get_by_role(moved.role)
    thumb.wait_for()
    times = []
    for number in range(presses + WARM_UP):
        page.wait_for_timeout(300)  # a person moves on when the page is still
        thumb.focus()
        page.evaluate(WATCH)
        page.keyboard.press("ArrowDown" if number % 2 else "ArrowUp")
        times.append(float(page.evaluate("() => window.answer")))
        if math.isnan(times[-1]):
            raise TimeoutError(f"no new picture on {moved.stem} after 20 s")
        settle(page)
    return times[WARM_UP:]


def entered(page: Page, url: str, presses: int) -> list[Row]:
    """Milliseconds from Enter in the sentence of Attention until its matrix has the new word.

    Who does not press it waits a quarter of a second more: so long Streamlit waits for the next letter. A pause of
    another length would load pandas into the page process.
    """
    page.goto(f"{url}/attention?sentence=a+film")
    settle(page)
    field, times = page.get_by_label("Your sentence"), []
    field.wait_for()
    for number in range(presses + WARM_UP):
        page.wait_for_timeout(300)
        field.focus()
        page.keyboard.press("End")
        page.evaluate(ENTERED)
        page.keyboard.press("Backspace" if number % 2 else "s")
        page.keyboard.press("Enter")
        times.append(float(page.evaluate("() => window.answer")))
        if math.isnan(times[-1]):
            raise TimeoutError("no new matrix after 20 s")
        settle(page)
    times, limits = times[WARM_UP:], LIMITS["alone"]
    what = "attention: a sentence entered until the new matrix"
    return [
        Row(
            f"{what}, median", median(times), "ms", limits[0], note=f"{len(times)} sentences; without Enter 250 ms more"
        ),
        Row(f"{what}, 95th percentile", percentile(times, 0.95), "ms", limits[1]),
    ]


def colour_picture() -> bytes:
    """A PNG of 64x64 with three channels, none of them flat."""
    shades = np.add.outer(np.arange(64) * 3, np.arange(64))
    file = io.BytesIO()
    Image.fromarray(np.stack([shades % 256, shades.T % 256, shades * 2 % 256], axis=-1).astype(np.uint8)).save(
        file, "PNG"
    )
    return file.getvalue()


def redraws(page: Page, url: str, hovers: int) -> list[float]:
    """Milliseconds of each redraw while the mouse crosses the output map."""
    page.goto(f"{url}{LARGEST}")
    settle(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "picture.png", "mimeType": "image/png", "buffer": colour_picture()}
    )
    page.get_by_text("input 64×64×3").first.wait_for()
    settle(page)
    output = page.get_by_test_id("output")
    output.scroll_into_view_if_needed()
    box = output.bounding_box()
    assert box is not None
    return hovered(page, box, hovers, "explorer-redraw")


def cells(page: Page, url: str, hovers: int) -> list[float]:
    """Milliseconds of each redraw while the mouse crosses the matrix of a long sentence."""
    page.goto(f"{url}/attention?sentence={SENTENCE}")
    settle(page)
    matrix = page.get_by_test_id("attention-matrix")
    matrix.scroll_into_view_if_needed()
    box = matrix.bounding_box()
    assert box is not None
    return hovered(page, {**box, "height": min(box["height"], 600)}, hovers, "attention-redraw")


def hovered(page: Page, box: Mapping[str, float], hovers: int, name: str) -> list[float]:
    """Milliseconds of each redraw of a name while the mouse crosses a box from side to side and downwards."""
    page.evaluate(REDRAWS, name)
    times: list[float] = []
    for number in range(hovers):
        page.mouse.move(box["x"] + box["width"] * (number % 40 + 0.5) / 40, box["y"] + box["height"] * number / hovers)
        if number % 20 == 19:
            times += page.evaluate(REDRAWS, name)
    return times


def rows_of(server: Served, page: Page, when: str, presses: int) -> list[Row]:
    """Median and 95th percentile of each page's slider."""
    found = []
    for moved in SLIDERS:
        times = move(page, server.url, moved, presses)
        limits = LIMITS[when]
        what = f"{moved.stem}: slider until the new picture, {when}"
        found.append(Row(f"{what}, median", median(times), "ms", limits[0], note=f"{len(times)} presses"))
        found.append(Row(f"{what}, 95th percentile", percentile(times, 0.95), "ms", limits[1]))
    return found


def run(quick: bool = False) -> list[Row]:
    """Every Learn page with a slider, alone and while a training runs; then the explorer's redraw."""
    presses = 2 if quick else PRESSES
    with served() as server, browser_page() as page:
        wait_healthy(server)
        found = rows_of(server, page, "alone", presses)
        times = redraws(page, server.url, 20 if quick else HOVERS)
        note = f"64x64x3, 8 filters, {len(times)} redraws, longest {max(times):.1f} ms"
        found.append(Row("explorer redraw in the browser, 95th percentile", percentile(times, 0.95), "ms",
                         REDRAW_LIMIT, note=note))  # fmt: skip
        times = cells(page, server.url, 40 if quick else HOVERS)
        note = f"32 words, {len(times)} redraws, longest {max(times):.1f} ms"
        found.append(Row("attention: redraw of a cell in the browser, 95th percentile", percentile(times, 0.95), "ms",
                         REDRAW_LIMIT, note=note))  # fmt: skip
        found += entered(page, server.url, presses)
        if not quick:
            found += while_training(server, page, presses)
    return found


def while_training(server: Served, page: Page, presses: int) -> list[Row]:
    """The sliders again beside a training that nobody watches."""

    async def begin() -> None:
        teacher = await start_training(server, epochs=100)
        await teacher.close()

    # On a thread of its own: Playwright's browser has an event loop on this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, begin()).result()
    return rows_of(server, page, "while a training runs", presses)
