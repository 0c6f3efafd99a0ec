"""Going to a page by a link of the app: the browser has the app's code already, and the visit begins anew all the same.

A page that is loaded costs about 3 seconds of CPU, nearly all of it the app's code that the browser reads and starts;
one that is followed to costs half a second.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from helpers.page_runs import script_ended
from playwright.sync_api import Page

HALFWAY = {"results": "Results", "glossary": "Glossary"}
"""Pages without pictures, by path, and their titles: on the way nothing of the page before is left on the screen.
The first is nearly empty as long as the session has no run; to draw the second costs half as much as a lesson."""
PATIENCE_MS = 60_000

# Streamlit connects again by itself when a connection ends, and names its session; a stranger names none.
STRANGERS = """(() => {
  const Socket = window.WebSocket;
  let newest = null, stranger = false;
  window.WebSocket = class extends Socket {
    constructor(address, protocols) {
      super(address, stranger ? protocols.slice(0, 2) : protocols);
      newest = this;
    }
  };
  window.becomeStranger = () => new Promise((done) => {
    const before = newest;
    stranger = true;
    before.close();
    const look = setInterval(() => {
      if (newest === before || newest.readyState !== Socket.OPEN) return;
      clearInterval(look);
      stranger = false;
      done();
    }, 10);
  });
  window.follow = (address) => {
    history.pushState({}, "", address);
    dispatchEvent(new PopStateEvent("popstate"));
  };
})()"""


def go(page: Page, address: str) -> None:
    """Open an address: by a link where the page shows the app already, as a person in a session of their own.

    A page that was loaded again has told its visitor's name to the app; it is loaded once more, without a name.
    """
    shows_app = page.url != "about:blank"
    if shows_app:
        page.evaluate("localStorage.clear()")
    halfway = _between(page.url, address)
    if not shows_app or halfway is None or not page.evaluate("Boolean(window.nameless)"):
        page.goto(address)
        page.evaluate("window.nameless = true")
        return
    page.mouse.move(0, 0)
    _follow(page, f"/{halfway}", HALFWAY[halfway], True)
    page.evaluate("localStorage.clear(); becomeStranger()")  # what the page before told late is not the stranger's
    _follow(page, address, HALFWAY[halfway], False)


def _between(start: str, end: str) -> str | None:
    """A page that is neither the one nor the other; after a run not the results, which would show it."""
    shown = (urlsplit(start).path, urlsplit(end).path)
    free = [each for each in HALFWAY if f"/{each}" not in shown and not (each == "results" and "run=" in start)]
    return next(iter(free), None)


def _follow(page: Page, address: str, title: str, begins: bool) -> None:
    """Go to an address, until the page's title begins so, or no longer does."""
    page.evaluate("address => follow(address)", address)
    page.wait_for_function(
        "([title, begins]) => document.title.startsWith(title) === begins",
        arg=[title, begins], timeout=PATIENCE_MS,
    )  # fmt: skip
    script_ended(page)
