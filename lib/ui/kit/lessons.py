"""The prose of the pages, from `assets/lessons/*.md`: one file a page, one `## name` a passage.

A heading inside a passage is written `###`, below the passage's own. On the page it follows the title `#` and is `##`,
so that somebody who goes from heading to heading finds no level left out.

`[[stride]]` links to the glossary's entry "stride", `[[strides|stride]]` does so under another word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import streamlit as st

_TERM = re.compile(r"\[\[([^\]|]+)(?:\|([^\]]+))?\]\]")
FOLDER = Path(__file__).parents[3] / "assets" / "lessons"


def show(name: str, **values: object) -> None:
    """Write a passage onto the page.

    Args:
        name: `page.passage`, such as `build.layers`.
        values: what its {placeholders} stand for. Only our own numbers and names: they are not escaped.

    Raises:
        KeyError: no such passage, or a placeholder without a value.
    """
    st.markdown(text(name, **values))


def text(name: str, **values: object) -> str:
    """A passage with its placeholders filled in; see `show`."""
    page, _, passage = name.partition(".")
    return _passages(page)[passage].format_map(values)


def entries(page: str) -> Mapping[str, str]:
    """All passages of a file by name, as they stand there: of one that a table names by its keys."""
    return _passages(page)


def opening(passage: str) -> tuple[str, str]:
    """The heading that a passage begins with, and the prose under it.

    >>> opening("# Pooling\\n\\nA window slides.")
    ('# Pooling', 'A window slides.')
    """
    heading, _, prose = passage.partition("\n")
    return heading, prose.strip()


def slug(term: str) -> str:
    """The anchor of a glossary entry.

    >>> slug("Learning rate")
    'learning-rate'
    """
    return re.sub(r"[^a-z0-9]+", "-", term.lower()).strip("-")


def _linked(text: str) -> str:
    return _TERM.sub(lambda found: f"[{found[1]}](glossary#{slug(found[2] or found[1])})", text)


@cache
def _passages(page: str) -> dict[str, str]:
    """The passages of one file, by name."""
    passages: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in (FOLDER / f"{page}.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            lines = passages.setdefault(line[3:].strip(), [])
        else:
            lines.append(line.removeprefix("#") if line.startswith("###") else line)
    return {name: _linked("\n".join(content).strip()) for name, content in passages.items()}
