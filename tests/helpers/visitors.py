"""Browser windows that are used again: every test meets them as a person who has never been here."""

from __future__ import annotations

from playwright.sync_api import Browser, BrowserContext, Page

Looks = tuple[int, bool]


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

    def open(self, width: int = 1400, dark: bool = False) -> Page:
        """An empty page of a new visitor; those who came earlier in the same test stay other people."""
        looks = (width, dark)
        free = self._free.setdefault(looks, [])
        context = free.pop() if free else self._new_window(*looks)
        self._used.append((looks, context))
        page = context.new_page()
        self._forget(context, page)
        return page

    def pages(self) -> list[Page]:
        """All pages that are open now."""
        return [page for _, context in self._used for page in context.pages if not page.is_closed()]

    def leave(self) -> None:
        """Close every page, and with it its connection to the app; the windows are free again."""
        for looks, context in self._used:
            for page in context.pages:
                page.close()
            self._free[looks].append(context)
        self._used.clear()

    def _new_window(self, width: int, dark: bool) -> BrowserContext:
        context = self._browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", accept_downloads=True
        )
        context.set_default_timeout(60_000)
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
