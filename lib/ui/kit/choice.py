"""A question with a few answers: the code and the address know the answers by their ids, people by their labels.

Streamlit's own `bind="query-params"` writes the labels into the address. Here the address holds the id, and nothing
while the answer is the usual one. Labels that addresses once held are still understood.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.ui.kit import heard
from lib.ui.kit.key import Key
from lib.ui.kit.old_addresses import id_of
from lib.ui.kit.options import pin

if TYPE_CHECKING:
    from streamlit.elements.lib.mutable_tab_container import TabContainer

T = TypeVar("T")
Id = TypeVar("Id", bound=str | int)


@dataclass(frozen=True)
class Place(Generic[T]):
    """Where an answer is found again: in the address, and in the session for a later visit to the page.

    Attributes:
        key: of the widget.
        name: in the address.
        usual: the answer of whoever chooses nothing. It does not stand in the address.
    """

    key: str
    name: str
    usual: T

    def shown(self, present: T | None, read: Callable[[str], T | None]) -> T:
        """The answer to show: the widget's present one; where there is none or a person went back, the address's.

        Args:
            present: the widget's answer; None while the widget is not on the page.
            read: the answer that a text in the address stands for, None if it stands for none.
        """
        text = st.query_params.get(self.name)
        asked = None if text is None else read(text)
        if text is not None:
            heard.tell(self.name, asked is not None)
        if went_back():
            return self.usual if asked is None else asked
        if present is None:  # the page has just been opened
            return self._remembered.get() if asked is None else asked
        return present

    def written(self, answer: T) -> T:
        """Make the address say the answer, and remember it for a later visit to the page."""
        self._remembered.set(answer)
        wanted = "" if answer == self.usual else str(answer)
        if wanted and self.name not in heard.parameters():
            heard.tell(self.name, True)  # it stands there from now on, and there is a control for it
        if not wanted:
            st.query_params.pop(self.name, None)
        elif st.query_params.get(self.name) != wanted:
            st.query_params[self.name] = wanted
        return answer

    @property
    def _remembered(self) -> Key[T]:
        return Key(f"{self.key}_answer", self.usual)


@dataclass(frozen=True)
class Choice(Generic[Id]):
    """A question that stands in the address.

    Attributes:
        key: of the widget.
        labels: what people read, by id.
        usual: the answer of whoever chooses nothing.
        parameter: name in the address; without it the key is the name.
    """

    key: str
    labels: Mapping[Id, str]
    usual: Id
    parameter: str = ""

    def answer(self) -> Id:
        """The id of the widget's present answer, for its callback."""
        return Key(self.key, self.usual).get()

    def segments(
        self,
        question: str,
        *,
        disabled: bool = False,
        on_change: Callable[[], None] | None = None,
        label_visibility: Literal["visible", "collapsed"] = "visible",
        help: str | None = None,
    ) -> Id:
        """Ask with buttons side by side; the id of the answer."""
        shown = self._shown(Key[Any](self.key, None).get())
        pin(self.key, shown)
        answer = st.segmented_control(
            question, list(self.labels), default=shown, key=self.key, format_func=self.labels.__getitem__,
            required=True, wrap=True, disabled=disabled, on_change=on_change, label_visibility=label_visibility,
            help=help,
        )  # fmt: skip
        return self._written(answer)

    def listed(
        self, question: str, *, on_change: Callable[[], None] | None = None, width: int | Literal["stretch"] = "stretch"
    ) -> Id:
        """Ask with a list to open; the id of the answer. The width is in pixels, or that of what is around it."""
        shown, ids = self._shown(Key[Any](self.key, None).get()), list(self.labels)
        pin(self.key, shown)
        answer = st.selectbox(
            question,
            ids,
            ids.index(shown),
            key=self.key,
            format_func=self.labels.__getitem__,
            on_change=on_change,
            width=width,
        )
        return self._written(answer)

    def tabs(self) -> tuple[Id, TabContainer]:
        """Ask with tabs; the id of the open one, and what to draw into. Streamlit knows tabs by their labels only."""
        ids = {label: answer for answer, label in self.labels.items()}
        shown = self._shown(ids.get(Key[Any](self.key, None).get()))
        pin(self.key, self.labels[shown])
        tabs = zip(self.labels, st.tabs(list(ids), key=self.key, on_change="rerun"), strict=True)
        answer, tab = next((answer, tab) for answer, tab in tabs if tab.open)
        return self._written(answer), tab

    def _shown(self, present: Id | None) -> Id:
        """The answer to show, if it is one of those that are offered."""
        answer = self._place.shown(present, self._read)
        return answer if answer in self.labels else self.usual

    def _read(self, text: str) -> Id | None:
        return {str(answer): answer for answer in self.labels}.get(id_of(self._place.name, text))

    def _written(self, answer: Id) -> Id:
        return self._place.written(answer)

    @property
    def _place(self) -> Place[Id]:
        return Place(self.key, self.parameter or self.key, self.usual)


def went_back() -> bool:
    """Whether the browser's Back or Forward has led here: then the address is newer than what the page remembers."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation
