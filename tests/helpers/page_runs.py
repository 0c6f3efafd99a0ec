"""How often Streamlit runs a page's script, counted in the browser."""

from __future__ import annotations

from playwright.sync_api import Page

_COUNT = """() => {
  window.runs = 0;
  const app = document.querySelector("[data-testid=stApp]");
  new MutationObserver(() => window.runs++).observe(app, { attributeFilter: ["data-test-script-state"] });
}"""


def count_runs(page: Page) -> None:
    """Begin to count changes of the script's state: a run is at least two."""
    page.evaluate(_COUNT)


def runs_counted(page: Page) -> int:
    """Changes since `count_runs`."""
    return int(page.evaluate("() => window.runs"))
