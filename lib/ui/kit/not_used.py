"""What an address asks of a page and the page cannot give: told in a sentence above the page, and never an error."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from lib.ui.kit import heard, lessons, words
from lib.ui.kit.key import Key

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

_ABOUT: Key[tuple[str, str]] = Key("not_used_about", ("", ""))
"""The page that was drawn last, and what it was about: what a person asked of one run is no mistake in another."""
_MOST_NAMED, _LONGEST = 4, 40


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for.

    Attributes:
        said: text by parameter.
        above: where to tell what of it could not be used.
    """

    said: Mapping[str, str]
    above: DeltaGenerator


def begin() -> Asked:
    """Note what the address asks for, before the controls of a page are drawn."""
    heard.forget()
    return Asked({name: st.query_params[name] for name in st.query_params}, st.container())


def end(
    asked: Asked, page: str, known: Container[str] | None = None, about: str = "", elsewhere: Container[str] = ()
) -> None:
    """Tell, after the controls were drawn, what they could not use.

    Args:
        asked: see `begin`.
        page: its file stem.
        known: every parameter that a control of the page may read, also one that is not there at the moment; None where
            somebody else tells of unknown ones.
        about: id of the run or the experiment that is shown.
        elsewhere: parameters of which their own control says more.
    """
    before = _ABOUT.get()
    _ABOUT.set((page, about))
    unused = [name for name, used in heard.parameters().items() if not used and name in asked.said]
    if before[0] == page and before[1] not in ("", about):
        unused = []  # a person has chosen another one, and the address still says what was asked of the one before
    unknown = [name for name in asked.said if known is not None and name not in known]
    for names, passage in ((unused, "address.not_used"), (unknown, "address.unknown")):
        found = [f"{name}={asked.said[name]}" for name in names if name not in elsewhere]
        if found:
            asked.above.warning(lessons.text(passage, said=listed(found)), icon=":material/link_off:")


@contextmanager
def told(page: str, known: Container[str], about: str = "", elsewhere: Container[str] = ()) -> Iterator[None]:
    """Draw the controls of a page within this. Arguments as for `end`."""
    asked = begin()
    yield
    end(asked, page, known, about, elsewhere)


def listed(found: Sequence[str]) -> str:
    """The first few parts of an address, as Markdown; of a long one its beginning, of many how many there are more.

    >>> listed(["a=1"] * 6)
    'a=1, a=1, a=1, a=1 and 2 more'
    """
    shown = [words.escaped(each if len(each) <= _LONGEST else f"{each[:_LONGEST]}…") for each in found[:_MOST_NAMED]]
    more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    return ", ".join(shown) + more
