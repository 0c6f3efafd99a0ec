"""Browser windows that are used again: every test meets them as a person who has never been here."""

from __future__ import annotations

from helpers.following import STRANGERS
from playwright.sync_api import Browser, BrowserContext, Page

Looks = tuple[int, bool]
HEIGHT = 900


class Visitors:
    """Windows of one browser, by width and theme.

    A window that was used before has the app's code in its cache already, so that a page opens in half the time. Of
    the visitor before, nothing is left in it: no page, no name, no cookie, no setting.

    Args:
        browser: where the windows are opened.
        origin: the app's address, whose storage is cleared.
    """

    def __init__(self, browser: Browser, origin: str) -> None:
        self._browser, self._origin = browser, origin
        self._free: dict[Looks, list[BrowserContext]] = {}
        self._used: list[tuple[Looks, BrowserContext]] = []
        self._reader: Page | None = None

    def open(self, width: int = 1400, dark: bool = False) -> Page:
        """An empty page of a new visitor; those who came earlier in the same test stay other people."""
        looks = (width, dark)
        free = self._free.setdefault(looks, [])
        context = free.pop() if free else self._new_window(*looks)
        self._used.append((looks, context))
        page = context.new_page()
        self._forget(context, page)
        return page

    def reader(self) -> Page:
        """The page that `helpers.following.go` leads through the lessons, wide and light; one for all tests.

        What a session, the browser's storage or an address holds is new at each `go`.
        """
        if self._reader is not None and self._reader.is_closed():
            self.drop_reader()  # with what a test has opened beside it
        if self._reader is None:
            context = self._new_window(1400, False)
            self._reader = context.new_page()
        for other in self._reader.context.pages:
            if other is not self._reader:
                other.close()
        self._reader.set_viewport_size({"width": 1400, "height": HEIGHT})
        self._reader.emulate_media(color_scheme="light")
        return self._reader

    def drop_reader(self) -> None:
        """After a test that failed nobody knows what state its page is in."""
        if self._reader is not None:
            self._reader.context.close()
            self._reader = None

    def pages(self) -> list[Page]:
        """All pages that are open now."""
        contexts = [context for _, context in self._used]
        if self._reader is not None:
            contexts.append(self._reader.context)
        return [page for context in contexts for page in context.pages if not page.is_closed()]

    def leave(self) -> None:
        """Close every page, and with it its connection to the app; the windows are free again."""
        for looks, context in self._used:
            for page in context.pages:
                page.close()
            self._free[looks].append(context)
        self._used.clear()

    def _new_window(self, width: int, dark: bool) -> BrowserContext:
        # Less motion, as people may ask of their system: Streamlit's animations are a fifth of a browser's work.
        context = self._browser.new_context(
            viewport={"width": width, "height": HEIGHT}, color_scheme="dark" if dark else "light",
            reduced_motion="reduce", accept_downloads=True,
        )  # fmt: skip
        context.set_default_timeout(60_000)
        context.add_init_script(STRANGERS)
        return context

    def _forget(self, context: BrowserContext, page: Page) -> None:
        context.unroute_all()
        context.clear_cookies()
        context.clear_permissions()
        context.set_offline(False)
        # Local storage and all else that pages of the app can keep; the cache of its files stays.
        session = context.new_cdp_session(page)
        session.send("Storage.clearDataForOrigin", {"origin": self._origin, "storageTypes": "all"})
        session.detach()
