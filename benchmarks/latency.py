"""How soon Train, Pause and Stop are obeyed: by the engine, and through the page as a person in Chromium sees it."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page

from benchmarks.chromium import browser_page
from benchmarks.classroom import training_address
from benchmarks.served import served, wait_healthy
from benchmarks.table import Row, median
from benchmarks.throughput import engine_of_its_own, simple_cnn
from lib.engine.api import Engine
from lib.engine.runs.snapshot import RunSnapshot

TIMES = 5
Times = dict[str, list[float]]
LIMITS = {"first point": 1.5, "pause": 1.0, "stop": 1.0}

# True once the loss chart holds a point.
DRAWN = """() => {
  const chart = document.querySelector(".st-key-curve_loss .js-plotly-plot");
  return Boolean(chart && chart.data && chart.data.some((trace) => trace.x && trace.x.length > 0));
}"""


def seconds_until(condition: Callable[[], object], limit: float = 60.0, every: float = 0.005) -> float:
    """Seconds until something is true.

    Args:
        condition: asked again and again.
        limit: seconds to wait at most.
        every: seconds between two questions.

    Raises:
        TimeoutError: it did not become true.
    """
    began_at = time.perf_counter()
    while not condition():
        if time.perf_counter() - began_at > limit:
            raise TimeoutError(f"not true after {limit:.0f} s")
        time.sleep(every)
    return time.perf_counter() - began_at


def by_engine(engine: Engine, times: Times, owner: str) -> None:
    """Submit, pause, resume and stop one run."""
    began_at = time.perf_counter()
    run_id = engine.submit(simple_cnn(7_200, 100), owner)

    def now() -> RunSnapshot:
        return engine.snapshot(run_id)

    seconds_until(lambda: now().batch_curve.loss)
    times["first point"].append(time.perf_counter() - began_at)
    engine.pause(run_id)
    times["pause"].append(seconds_until(lambda: now().status == "paused"))
    engine.resume(run_id)
    seconds_until(lambda: now().status == "running")
    engine.stop(run_id)
    times["stop"].append(seconds_until(lambda: now().status == "stopped"))
    seconds_until(lambda: not now().changing)


def by_page(page: Page, url: str, times: Times) -> None:
    """The same through the page, with a mouse; each run begins in a tab that does not follow another."""
    page.goto(url, wait_until="commit")
    train = page.locator(".st-key-train button:enabled")
    train.wait_for()
    page.locator(".st-key-model_summary code").wait_for()
    times["first point"].append(clicked(page, "train", lambda: page.wait_for_function(DRAWN)))
    times["pause"].append(clicked(page, "pause", lambda: shown(page, "paused")))
    page.locator(".st-key-pause button:enabled", has_text="Resume").click()
    shown(page, "running")
    times["stop"].append(clicked(page, "stop", lambda: shown(page, "stopped")))
    train.wait_for()


def clicked(page: Page, key: str, wait: Callable[[], object]) -> float:
    """Seconds from pressing a button until what it brings is on the screen."""
    button = page.locator(f".st-key-{key} button:enabled")
    button.wait_for()
    began_at = time.perf_counter()
    button.click()
    wait()
    return time.perf_counter() - began_at


def shown(page: Page, word: str) -> None:
    """Wait until the run's status has a word."""
    page.locator(".st-key-run_status", has_text=word).first.wait_for()


def rows(where: str, times: Times) -> list[Row]:
    """Medians of one way to press the buttons."""
    words = {
        "first point": "Train pressed until the first point",
        "pause": "Pause until obeyed",
        "stop": "Stop until obeyed",
    }
    return [
        Row(f"{words[name]}, {where}", median(seconds), "s", LIMITS[name],
            note=f"median of {len(seconds)}, longest {max(seconds):.2f} s")
        for name, seconds in times.items()
    ]  # fmt: skip


def run(quick: bool = False) -> list[Row]:
    """Press the buttons some times each way; the first training of a fresh worker is not counted."""
    count, warm_up = (1, 0) if quick else (TIMES, 1)
    engine_times: Times = {name: [] for name in LIMITS}
    page_times: Times = {name: [] for name in LIMITS}
    with engine_of_its_own() as engine:
        for turn in range(count + warm_up):
            by_engine(engine, engine_times, f"benchmark {turn}")
    with served() as server, browser_page() as page:
        wait_healthy(server)
        for _ in range(count + warm_up):
            by_page(page, f"{server.url}/build?{training_address(100)}", page_times)
    counted = [{name: seconds[warm_up:] for name, seconds in times.items()} for times in (engine_times, page_times)]
    return rows("engine", counted[0]) + rows("in Chromium", counted[1])
