"""Bringing a file of one's own, as a person does it in a browser."""

from __future__ import annotations

from helpers.following import go
from helpers.page_runs import quiet, script_ended
from playwright.sync_api import Page, expect


def ready(page: Page) -> None:
    """Wait until nothing runs any more."""
    script_ended(page)


def open_uploader(page: Page, app: str) -> None:
    go(page, f"{app}/build")
    expect(page.locator(".st-key-train button")).to_be_enabled()
    ready(page)
    page.locator(".st-key-dataset input").click()
    page.get_by_role("option", name="Your own data").click()
    page.locator(".st-key-own_data").wait_for()


def bring(page: Page, name: str, content: bytes, uploader: str = "own_data") -> None:
    """Give a file to an uploader, by the key of what it stands in, on a page that has come to rest."""
    quiet(page)
    page.locator(f".st-key-{uploader} input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
