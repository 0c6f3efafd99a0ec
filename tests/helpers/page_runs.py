"""How often Streamlit runs a page's script, counted in the browser; and a page that has come to rest."""

from __future__ import annotations

from playwright.sync_api import Page, expect

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


_AT_REST = """() => new Promise((tell) => {
  const main = document.querySelector("[data-testid=stMain]");
  const height = main.scrollHeight;
  setTimeout(() => tell(main.scrollHeight === height), 400);
})"""


def at_rest(page: Page) -> None:
    """Wait until the script has ended and nothing that is still being drawn moves the rest any more."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.wait_for_function(_AT_REST)
