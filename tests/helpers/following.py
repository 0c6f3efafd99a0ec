"""Going to a page by a link of the app: the browser has the app's code already, and the visit begins anew all the same.

A page that is loaded costs about 3 seconds of CPU, nearly all of it the app's code that the browser reads and starts;
one that is followed to costs half a second.
"""

from __future__ import annotations

from playwright.sync_api import Page, expect

HALFWAY = "glossary"
"""A page without pictures: on the way nothing of the page before is left on the screen."""
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
    if not shows_app or HALFWAY in page.url or HALFWAY in address or not page.evaluate("Boolean(window.nameless)"):
        page.goto(address)
        page.evaluate("window.nameless = true")
        return
    page.mouse.move(0, 0)
    _follow(page, f"/{HALFWAY}", "Glossary")
    page.evaluate("becomeStranger()")
    _follow(page, address, None)


def _follow(page: Page, address: str, title: str | None) -> None:
    page.evaluate("address => follow(address)", address)
    page.wait_for_function(
        "title => title ? document.title.startsWith(title) : !document.title.startsWith('Glossary')",
        arg=title, timeout=PATIENCE_MS,
    )  # fmt: skip
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
