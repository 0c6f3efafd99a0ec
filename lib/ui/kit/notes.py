"""A glossary term of a lesson opens as a note beside the text. The link itself still leads to the glossary."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import NamedTuple

from lib.ui.kit import glossary_entries
from lib.ui.kit.component import component, whole

_MARKED = re.compile(
    r"`(?P<code>[^`]+)`|\*\*(?P<strong>.+?)\*\*|\$(?P<formula>[^$]+)\$|\[(?P<link>[^\]]+)\]\((?P<address>[^)\s]+)\)",
    re.DOTALL,
)


class Piece(NamedTuple):
    """Some words of a note, all alike.

    Attributes:
        kind: "text", "code", "strong", "formula" or "link".
        words: what is read.
        address: where a link leads, else "".
    """

    kind: str
    words: str
    address: str = ""


def mount() -> None:
    """Let the notes open on this page; once a page. The texts stay in the browser as long as the visit lasts."""
    component("notes")(key="notes", data=whole({"notes": _written()}), width="content", height=1)


def pieces(paragraph: str) -> tuple[Piece, ...]:
    """A paragraph of Markdown in pieces that a browser can show without reading Markdown or HTML.

    >>> pieces("Here `x` is a [row](images).")
    (Piece(kind='text', words='Here ', address=''), Piece(kind='code', words='x', address=''), \
Piece(kind='text', words=' is a ', address=''), Piece(kind='link', words='row', address='images'), \
Piece(kind='text', words='.', address=''))
    """
    paragraph = " ".join(paragraph.split())
    found: list[Piece] = []
    end = 0
    for mark in _MARKED.finditer(paragraph):
        found.append(Piece("text", paragraph[end : mark.start()]))
        # The address is the group that closes last.
        kind = "link" if mark["link"] else str(mark.lastgroup)
        found.append(Piece(kind, mark[kind], mark["address"] or ""))
        end = mark.end()
    found.append(Piece("text", paragraph[end:]))
    return tuple(piece for piece in found if piece.words)


@cache
def _written() -> str:
    """All notes as JSON, written once: writing them took 0.5 ms of each drawing of a page."""
    return json.dumps(_notes(), separators=(",", ":"))


def _notes() -> dict[str, dict[str, object]]:
    """Each entry by its anchor: its term, and its paragraphs in pieces."""
    return {
        entry.slug: {"term": entry.term, "paragraphs": [pieces(part) for part in entry.meaning.split("\n\n")]}
        for entry in glossary_entries.entries()
    }
