"""Names that a person wrote, in the text of a picture."""

from __future__ import annotations

import html
from collections.abc import Iterable


def literal(name: str) -> str:
    """A name that plotly shows letter by letter.

    Plotly reads tags (`<a href=…>`, `<b>`, `<br>` and some more) and entities (`&amp;`, `&#60;`) in every text that it
    draws: without this, a class called `<a href="…">OK</a>` would be a link. An alt text needs the name as it is.

    >>> literal("<b>cat & dog")
    '&lt;b&gt;cat &amp; dog'
    """
    return html.escape(name, quote=False)


def literals(names: Iterable[str]) -> list[str]:
    """All of these names, each as `literal` writes it."""
    return [literal(name) for name in names]
