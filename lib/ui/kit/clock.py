"""Parts of a page that are drawn again by themselves."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps

from lib.ui.kit.component import component, whole
from lib.ui.kit.fragment import fragment


def repeated(draw: Callable[[], None], every: float | None) -> None:
    """Draw a part of a fragment, and again every so many seconds.

    The browser stops a timer when its fragment is gone, and only then: with another pace, or none, the part is another
    fragment to Streamlit.

    Args:
        draw: draws it.
        every: seconds, or None: it is drawn again only when something in it is used.
    """

    @wraps(draw)
    def part() -> None:
        draw()

    part.__qualname__ = f"{draw.__qualname__} every {every}"
    fragment(part, run_every=every)()


def again(key: str, seconds: float) -> None:
    """Have the fragment around this drawn again, until it is drawn without this.

    The timer of `repeated` ends only with a drawing of the whole page, which closes an open dialog and may make the
    page jump. This one is part of the fragment.

    Args:
        key: the component's.
        seconds: until it is drawn again.
    """
    data = {"seconds": seconds, "drawing": time.monotonic()}
    component("again")(key=key, data=whole(data), on_again_change=lambda: None, height=1)
