"""A training from Build to its end, in a browser and without one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

from helpers.following import go
from playwright.sync_api import Page, expect

from benchmarks.visitor import Visitor


def train(page: Page, app: str, asked: Mapping[str, str]) -> str:
    """Train what an address of Build asks for, and give the run's id."""
    go(page, f"{app}/build?{urlencode(asked)}")
    page.locator(".st-key-train button").click()
    expect(page.locator(".st-key-run_status")).to_contain_text("done", timeout=180_000)
    return page.url.split("run=")[1].split("&")[0]


def trained_elsewhere(app: str, asked: Mapping[str, str]) -> str:
    """Have somebody else train it, who needs no browser: the page is not drawn while it trains. Gives the run's id."""
    visitor = Visitor(urlsplit(app).port or 0, query=urlencode(asked))
    with ThreadPoolExecutor(1) as thread:  # in this one Playwright's loop is running
        thread.submit(asyncio.run, _train(visitor)).result()
    return visitor.parameter("run")


async def _train(visitor: Visitor) -> None:
    try:
        await visitor.open()
        await visitor.until(visitor.loaded)
        await visitor.press("train")
        await visitor.until(lambda: any("-badge[done]" in text for text in visitor.texts), 180)
    finally:
        await visitor.close()
    assert visitor.errors == []
