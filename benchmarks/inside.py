"""Looking inside a trained network: another image, a stroke on the pad, and the maps of why, as budgets say."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from playwright.sync_api import Page

from benchmarks.chromium import browser_page
from benchmarks.classroom import training_address
from benchmarks.served import served, wait_healthy
from benchmarks.table import Row, median, percentile
from benchmarks.throughput import engine_of_its_own, simple_cnn
from lib.concepts.contribution import contribution, maps_before_last
from lib.concepts.forward import forward
from lib.concepts.occlusion import cover_of
from lib.data.preparing import prepare

IMAGES, STROKES, MAPS = 15, 15, 15
REST_MS = 600

# From what a person does until what follows is drawn, by the browser's own clock. The network is made anew as a whole.
REDRAWN = """root => {
  const columns = root.querySelector(".columns");
  root.drawn = new Promise((tell) => {
    addEventListener("click", (event) => { root.began = event.timeStamp; }, { once: true, capture: true });
    const look = new MutationObserver(() => requestAnimationFrame((now) => { look.disconnect(); tell(now); }));
    look.observe(columns, { childList: true });
  });
}"""
SAID = """() => {
  const words = () => document.querySelector(".st-key-inside_prediction")?.innerText;
  const before = words();
  window.said = new Promise((tell) => {
    let began = 0;
    addEventListener("pointerup", (event) => { began = event.timeStamp; }, { once: true, capture: true });
    const look = () => {
      if (began && words() && words() !== before) tell(performance.now() - began);
      else requestAnimationFrame(look);
    };
    look();
  });
}"""


def another_image(page: Page) -> float:
    """Seconds from a press on the number's plus until the whole network is drawn for the next test image."""
    network = page.get_by_test_id("network")
    network.evaluate(REDRAWN)
    page.locator(".st-key-inside_sample [data-testid=stNumberInputStepUp]").click()
    seconds = float(network.evaluate("root => root.drawn.then((at) => at - root.began)")) / 1000
    page.wait_for_timeout(REST_MS)
    return seconds


def stroke(page: Page, number: int) -> float:
    """Seconds from the end of a stroke until another answer stands there."""
    pad = page.get_by_test_id("pad")
    box = pad.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * (0.25 + 0.04 * (number % 10)), box["y"] + box["height"] * 0.25
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 0.1 * box["width"], y + box["height"] * (0.2 + 0.3 * (number % 2)), steps=6)
    page.evaluate(SAID)
    page.mouse.up()
    seconds = float(page.evaluate("() => window.said")) / 1000
    page.wait_for_timeout(REST_MS)
    return seconds


def in_chromium(images: int, strokes: int) -> tuple[list[float], list[float], list[float]]:
    """Another image; a stroke; a stroke while somebody trains."""
    with served() as server, browser_page() as page:
        wait_healthy(server)
        page.goto(f"{server.url}/build?{training_address(1)}")
        page.locator(".st-key-train button:enabled").click()
        page.locator(".st-key-run_status", has_text="test accuracy").first.wait_for()
        run = page.url.split("run=")[1].split("&")[0]
        page.goto(f"{server.url}/inside?run={run}")
        page.get_by_test_id("network").wait_for()
        page.wait_for_timeout(2_000)
        redrawn = [another_image(page) for _ in range(images + 1)][1:]
        page.goto(f"{server.url}/inside?run={run}&input=draw")
        page.get_by_test_id("pad").wait_for()
        page.wait_for_timeout(2_000)
        said = [stroke(page, number) for number in range(strokes + 1)][1:]
        other = page.context.browser
        assert other is not None
        trainer = other.new_context().new_page()
        trainer.goto(f"{server.url}/build?{training_address(100)}")
        trainer.locator(".st-key-train button:enabled").click()
        trainer.locator(".st-key-run_status", has_text="running").first.wait_for()
        trainer.close()
        page.bring_to_front()
        beside = [stroke(page, number) for number in range(strokes)]
    return redrawn, said, beside


def timed(do: Callable[[], object], times: int) -> list[float]:
    """Seconds of each time."""
    seconds = []
    for _ in range(times):
        began_at = time.perf_counter()
        do()
        seconds.append(time.perf_counter() - began_at)
    return seconds


def maps(times: int) -> tuple[list[float], list[float]]:
    """The exact contribution map of Simple CNN, as the page computes it; occlusion at 169 places, asked of a worker."""
    run = simple_cnn(1_000, 1)
    data = prepare(run.data, run.training.validation_split)
    image, sample = data.test.x[0], data.scaling.apply(data.test.x[0])
    with engine_of_its_own() as engine:
        run_id = engine.submit(run, "benchmark")
        while engine.snapshot(run_id).changing:
            time.sleep(0.05)
        weights = engine.weights(run_id)
        assert weights is not None
        place = maps_before_last(run.model) or 0
        cover = data.scaling.apply(cover_of(image, "black"))

        def exact() -> object:
            outputs = (sample, *forward(run.model, weights, sample))
            return contribution(run.model, weights, outputs[place], int(np.argmax(outputs[-1])), None)

        occluded = timed(lambda: engine.looks.occlusion(run.model, weights, sample, cover, 4, 2), times + 1)[1:]
        return timed(exact, times), occluded


def run(quick: bool = False) -> list[Row]:
    """Measure each; the first of each kind is not counted."""
    images, strokes, count = (1, 1, 1) if quick else (IMAGES, STROKES, MAPS)
    redrawn, said, beside = in_chromium(images, strokes)
    exact, occluded = maps(count)

    def row(what: str, seconds: list[float], limit: float, share: float = 0.5) -> Row:
        value = 1000 * (median(seconds) if share == 0.5 else percentile(seconds, share))
        note = f"{'median' if share == 0.5 else 'p95'} of {len(seconds)}, longest {1000 * max(seconds):.0f} ms"
        return Row(what, value, "ms", limit, note=note)

    return [
        row("Inside: another image, until the whole network is drawn, in Chromium", redrawn, 300),
        row("Inside: end of a stroke until the answer, in Chromium", said, 150),
        row("the same", said, 300, 0.95),
        row("the same while somebody trains", beside, 150),
        row("the same while somebody trains", beside, 300, 0.95),
        row("Exact contribution map of Simple CNN, forward pass included", exact, 100),
        row("Occlusion of Simple CNN by a worker", occluded, 400),
    ]
