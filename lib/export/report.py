"""One HTML file about a run that needs no network: everything is inside, and nothing in it is read as HTML.

What the page shows travels as JSON in a `<script>` that no browser runs; `report.js` writes it with `textContent`. A
content policy in the file forbids the browser to fetch anything.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

FOLDER = Path(__file__).parents[2] / "assets" / "report"
PASSAGES = (
    "about", "curves", "confusion", "predicted", "samples", "machine", "no_machine", "kernels", "dense_kernels", "maps",
    "spec", "code",
)  # fmt: skip
"""Names of the texts beside the pictures."""


def report(content: Mapping[str, Any]) -> str:
    """The file.

    Args:
        content: `title`, and all that `assets/report/report.js` shows; plain data.

    >>> page = report({"title": "</title><b>", "note": "</script><b>"})
    >>> "<b>" in page
    False
    """
    parts = {name: (FOLDER / f"report.{name}").read_text(encoding="utf-8") for name in ("html", "css", "js")}
    data = json.dumps(content, separators=(",", ":"), allow_nan=False)
    # In a script element only "</script" and "<!--" mean anything: without "<" there is neither.
    data = data.replace("<", "\\u003c")
    title = html.escape(str(content["title"]))
    return Template(parts["html"]).substitute(title=title, css=parts["css"], js=parts["js"], data=data)
