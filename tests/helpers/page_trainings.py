"""A training in a browser, from Build to its end."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from playwright.sync_api import Page, expect


def train(page: Page, app: str, asked: Mapping[str, str]) -> str:
    """Train what an address of Build asks for, and give the run's id."""
    page.goto(f"{app}/build?{urlencode(asked)}")
    page.locator(".st-key-train button").click()
    expect(page.locator(".st-key-run_status")).to_contain_text("done", timeout=180_000)
    return page.url.split("run=")[1].split("&")[0]
