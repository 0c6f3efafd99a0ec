"""TensorFlow Playground's first network through LayerLab: how fast it learns, and what drawing it meanwhile costs.

Playground itself, built and run on a machine of this kind in Chromium, makes 37 to 44 epochs a second on the same
circle, network and batches, and is below a test loss of 0.02 after 1.7 s. Its loss is half the squared error of a tanh
output against -1 or 1, which is `2 * (p - t)**2` of a probability p against a class t: that is what is compared here.
"""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import time
from dataclasses import dataclass

import numpy as np
from playwright.sync_api import Page, expect

from benchmarks.chromium import browser_page
from benchmarks.served import ROOT, Served, cpu_seconds, served, wait_healthy
from benchmarks.table import Row, figure, median
from benchmarks.throughput import engine_of_its_own
from lib.arrays import unpack
from lib.concepts.plane import outputs_of_layers
from lib.data.preparing import prepare
from lib.engine.api import Engine
from lib.engine.runs.snapshot import RunSnapshot
from lib.engine.runs.store import Store
from lib.specs.codec import to_query
from lib.specs.recipes import RECIPES
from lib.specs.run import RunSpec

EPOCHS = 2_000
TURNS = 3
PLAYGROUND_EPOCHS = 44.0
PLAYGROUND_SECONDS = 1.7
LEARNED = 0.02
HOW = ("live", "followed", "left")

WATCH = """(root) => {
  window.pictures = [];
  new MutationObserver(() => {
    const [at, last] = [root.dataset.at, window.pictures.at(-1)?.at];
    if (at !== last) window.pictures.push({ at, time: performance.now() });
  }).observe(root, { attributes: true, attributeFilter: ["data-at"] });
}"""


def circle(epochs: int) -> RunSpec:
    """Playground's default: 4 + 2 tanh units, 250 training points, batches of 10, plain gradient descent of 0.03."""
    run = RECIPES["points_circle"].run
    return dataclasses.replace(run, training=dataclasses.replace(run.training, epochs=epochs))


def speed_of(store: Store, run_id: str) -> float:
    """Epochs a second of a run, from the first epoch it told to the last."""
    epochs = [event for event in store.events(run_id) if event["kind"] == "epoch"]
    return float((epochs[-1]["epoch"] - epochs[0]["epoch"]) / (epochs[-1]["time"] - epochs[0]["time"]))


def followed(engine: Engine, epochs: int, owner: str) -> tuple[float, float]:
    """Epochs a second, and seconds from the first weights until they were good."""
    run_id = engine.submit(circle(epochs), owner)
    begun_at, learned, seen = 0.0, float("nan"), -1.0
    while (now := engine.snapshot(run_id)).changing:
        if now.weights_now is not None and now.weights_now.at != seen:
            seen, begun_at = now.weights_now.at, begun_at or time.perf_counter()
            if np.isnan(learned) and playground_loss(now) < LEARNED:
                learned = time.perf_counter() - begun_at
        time.sleep(0.02)
    if now.status != "done":
        raise RuntimeError(f"the run ended as {now.status}: {now.message}")
    return speed_of(Store(engine.settings.database_url), run_id), learned


def playground_loss(now: RunSnapshot) -> float:
    """Playground's loss on the test points, with the newest weights."""
    assert now.weights_now is not None
    test = prepare(now.spec.data, 0.0).test
    answers = outputs_of_layers(now.spec.model, unpack(now.weights_now.packed), test.x)[-1].outputs[:, 0]
    return float(np.mean(2 * np.square(answers - test.y)))


def telling_costs(turns: int) -> float:
    """Share of the training time that telling the weights takes in the worker; the median of some turns."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.points_worker", str(turns)], cwd=ROOT, capture_output=True, text=True,
        timeout=600,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"the training failed: {done.stderr[-500:]}")
    return median([1 - told / untold for told, untold in json.loads(done.stdout.splitlines()[-1])])


@dataclass(frozen=True, slots=True)
class Watched:
    """A training through the page.

    Attributes:
        epochs: a second.
        cpu: seconds of CPU on the server's side (app, engine, worker) for 1,000 epochs.
        pictures: a second; 0 where nobody looked.
    """

    epochs: float
    cpu: float
    pictures: float = 0.0


def server_cpu(server: Served) -> float:
    """CPU seconds so far of the app and all that it started."""
    app = server.process()
    return cpu_seconds(app) + sum(cpu_seconds(child) for child in app.children(recursive=True))


def train_in(page: Page, server: Served, epochs: int, how: str) -> Watched:
    """Train through the page.

    Args:
        how: "live": the person who trains stays and sees five pictures a second; "followed": only somebody else looks
            on, once a second, as at any run; "left": nobody does.
    """
    query = "&".join(f"{name}={text}" for name, text in to_query(circle(epochs)).items())
    page.goto(f"{server.url}/build?{query}")
    expect(page.locator(".st-key-train button")).to_be_enabled(timeout=60_000)
    before = server_cpu(server)
    page.locator(".st-key-train button").click()
    page.wait_for_url("**run=**")
    run_id = page.url.split("run=")[1].split("&")[0]
    pictures = 0.0
    root = page.locator(".st-key-boundary section.boundary:not([data-at=''])")
    if how == "live":
        root.evaluate(WATCH)
        expect(page.locator(".st-key-run_status")).to_contain_text("test accuracy", timeout=300_000)
        times = [picture["time"] for picture in page.evaluate("window.pictures")]
        pictures = 1000 * (len(times) - 1) / (times[-1] - times[0])
    else:
        other = page.context.browser.new_context(viewport=page.viewport_size).new_page()  # type: ignore[union-attr]
        if how == "followed":
            other.goto(page.url)
        page.goto("about:blank")
    store = Store(f"sqlite:///{server.log.parent / 'layerlab.sqlite3'}")
    wait_for_end(store, run_id)
    if how != "live":
        other.context.close()
    return Watched(speed_of(store, run_id), (server_cpu(server) - before) / epochs * 1000, pictures)


def wait_for_end(store: Store, run_id: str, seconds: float = 300.0) -> None:
    """Wait until a run of another process is done."""
    end = time.monotonic() + seconds
    while not any(event["kind"] == "done" for event in store.events(run_id)):
        if time.monotonic() > end:
            raise TimeoutError(f"the run was not done after {seconds:.0f} s")
        time.sleep(0.2)


def run(quick: bool = False) -> list[Row]:
    """By the engine alone, in the worker alone, and through the page; in turn."""
    epochs, turns = (200, 1) if quick else (EPOCHS, TURNS)
    with engine_of_its_own() as engine:
        alone = [followed(engine, epochs, f"benchmark {turn}") for turn in range(turns)]
    telling = telling_costs(turns)
    with served() as server, browser_page() as page:
        wait_healthy(server)
        train_in(page, server, epochs, HOW[0])  # a fresh worker's first training costs more, and is not counted
        triples = [[train_in(page, server, epochs, how) for how in HOW] for _ in range(turns)]
    return rows(alone, telling, triples)


def rows(alone: list[tuple[float, float]], telling: float, triples: list[list[Watched]]) -> list[Row]:
    """The figures of all turns."""
    live, followed, _ = zip(*triples, strict=True)
    share = 1 - sum(1 / one.epochs for one in followed) / sum(1 / one.epochs for one in live)
    more_cpu = sum(one.cpu for one in live) / sum(one.cpu for one in followed) - 1
    each = "; ".join(" / ".join(figure(one.epochs) for one in triple) for triple in triples)
    cpu = " / ".join(figure(median([one.cpu for one in turns])) for turns in zip(*triples, strict=True))
    return [
        Row("points: circle, 4 + 2 units, by the engine", median([one[0] for one in alone]), "epochs/s",
            PLAYGROUND_EPOCHS, "more", "TensorFlow Playground here: 37-44"),
        Row("points: until Playground's test loss is below .02", median([one[1] for one in alone]), "s",
            PLAYGROUND_SECONDS),
        Row("points: watched in Chromium", median([one.epochs for one in live]), "epochs/s",
            PLAYGROUND_EPOCHS, "more"),
        Row("points: pictures of the boundary in Chromium", median([one.pictures for one in live]), "a second",
            4.0, "more"),
        Row("points: share of training time for live pictures", share, "", 0.2,
            note=f"Chromium on the same cores; epochs/s live / followed once a second / page left: {each}"),
        Row("points: more CPU on the server's side for live pictures", more_cpu, "", 0.2,
            note=f"seconds for 1,000 epochs, live / followed / left: {cpu}"),
        Row("points: share of training time for telling the weights", telling, "", 0.2, note="in the worker alone"),
    ]  # fmt: skip
