"""How often Streamlit runs a page's script, counted in the browser; and a page that has come to rest."""

from __future__ import annotations

from playwright.sync_api import Page

A_MOMENT_MS = 250
_COUNT = """() => {
  window.runs = 0;
  const app = document.querySelector("[data-testid=stApp]");
  new MutationObserver(() => window.runs++).observe(app, { attributeFilter: ["data-test-script-state"] });
}"""


_QUIET = """() => new Promise((tell) => {
  const app = document.querySelector("[data-testid=stApp]");
  let since = performance.now();
  const look = new MutationObserver(() => { since = performance.now(); });
  look.observe(app, { attributeFilter: ["data-test-script-state"] });
  const timer = setInterval(() => {
    if (app.dataset.testScriptState !== "notRunning" || performance.now() - since < 1000) return;
    clearInterval(timer);
    look.disconnect();
    tell();
  }, 50);
})"""


def quiet(page: Page) -> None:
    """Wait until the script has rested for a second: what an arrival causes late has passed."""
    page.evaluate(_QUIET)


def count_runs(page: Page) -> None:
    """Begin to count changes of the script's state: a run is at least two."""
    quiet(page)
    page.evaluate(_COUNT)


def runs_counted(page: Page) -> int:
    """Changes since `count_runs`."""
    return int(page.evaluate("() => window.runs"))


_UNMOVED = """() => new Promise((tell) => {
  const main = document.querySelector("[data-testid=stMain]");
  const [height, width] = [main.scrollHeight, main.scrollWidth];
  setTimeout(() => tell(main.scrollHeight === height && main.scrollWidth === width), 400);
})"""


def script_ended(page: Page) -> None:
    """Wait until no script of the page runs, and a moment later still none: an arrival may cause one more.

    For the message of a failure, `expect` has Playwright describe the page after each look in vain, five of them in the
    first quarter of a second. In a large page that costs more than all else, and `wait_for` does without.
    """
    ended = page.locator("[data-testid=stApp][data-test-script-state=notRunning]")
    ended.wait_for()
    page.wait_for_timeout(A_MOMENT_MS)
    ended.wait_for()


def laid_out(page: Page) -> None:
    """Wait until nothing that is being drawn moves the rest any more."""
    page.wait_for_function(_UNMOVED)


def at_rest(page: Page) -> None:
    """Wait until the script has ended and everything is laid out."""
    script_ended(page)
    laid_out(page)
