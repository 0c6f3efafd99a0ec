"""The router, the beginning that all pages share, and the work that is done once in a process."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from lib.specs.tasks.known import TASKS
from lib.ui.app import sidebar, style, warm  # noqa: F401 - `warm` imports for all pages at once what they will need
from lib.ui.kit import notes, unusable
from lib.ui.kit.key import Key
from lib.ui.kit.noted import begin_visit
from lib.ui.session import progress, visitor
from lib.ui.session.engine import store_trouble

if TYPE_CHECKING:
    from streamlit.navigation.page import Page

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the navigation."""

    title: str
    icon: str


LEARN = {
    "images": Entry("Images are numbers", ":material/image:"),
    "convolution": Entry("Convolution", ":material/grid_on:"),
    "pooling": Entry("Pooling", ":material/compress:"),
    "flattening": Entry("Flatten, dense, softmax", ":material/view_week:"),
    "activations": Entry("Activations and losses", ":material/timeline:"),
    "gradient_descent": Entry("Gradient descent", ":material/trending_down:"),
    "backpropagation": Entry("Backpropagation", ":material/undo:"),
    "overfitting": Entry("Overfitting", ":material/show_chart:"),
    "sequences": Entry("Sequences", ":material/notes:"),
    "attention": Entry("Attention", ":material/device_hub:"),
    "glossary": Entry("Glossary", ":material/menu_book:"),
    "questions": Entry("Questions", ":material/quiz:"),
}
"""The Learn pages by file stem, in the order of the navigation."""
_SHOWN = Key("frame_page", "")
"""Title of the page that was shown last."""
_FRAMED = Key("framed", False)
"""Whether `route` has drawn the frame in this run of the script; `begin` takes it."""


def route() -> Page:
    """Draw the frame and give the page that the address asks for; `app.py` runs it."""
    page = _pages()
    _end_page_search()
    _FRAMED.set(True)
    sidebar.show()
    return page


def _end_page_search() -> None:
    """Run the very first visit of a process again, now that our pages are named.

    Before that Streamlit searches `pages/` by itself. It runs the page without `app.py` and gives its widgets other
    ids, so that the first click would be lost.
    """
    if next(_visits()) == 0:
        st.rerun()


@st.cache_resource(show_spinner=False)
def _visits() -> Iterator[int]:
    return itertools.count()


def _pages() -> Page:
    folder = ROOT / "pages"
    return st.navigation(
        {
            "Start": [
                st.Page(folder / "home.py", title="Home", icon=":material/home:", url_path="start", default=True),
                # The default page has no path of its own; without this one `/home` would be "Page not found".
                st.Page(folder / "home.py", title="Home", url_path="home", visibility="hidden"),
            ],
            "Learn": [
                st.Page(folder / f"{stem}.py", title=entry.title, icon=_icon(stem, entry), url_path=stem)
                for stem, entry in LEARN.items()
            ],
            "Do": [
                st.Page(folder / "build.py", title="Build & train", icon=":material/model_training:", url_path="build"),
                st.Page(folder / "inside.py", title="Inside", icon=":material/frame_inspect:", url_path="inside"),
                st.Page(folder / "results.py", title="Results", icon=":material/query_stats:", url_path="results"),
                st.Page(
                    folder / "experiments.py", title="Experiments", icon=":material/science:", url_path="experiments"
                ),
            ],
        },
        expanded=True,
    )


def _icon(stem: str, entry: Entry) -> str:
    """A page whose tasks are all done has a tick."""
    seen, tasks = progress.mine().seen, TASKS.get(stem, ())
    return ":material/check_circle:" if tasks and all(task.done(seen) for task in tasks) else entry.icon


def begin(title: str, needs_store: bool = False) -> bool:
    """Begin a page. Where `route` has not run, the page is run alone: it draws the frame itself.

    Args:
        title: of the page.
        needs_store: the page can do nothing without the store of runs: where that cannot be used, it ends here with a
            sentence.

    Returns:
        Whether another page was shown before.
    """
    arrived = _SHOWN.get() != title
    _SHOWN.set(title)
    if not _FRAMED.take():
        _pages()
        _end_page_search()
        sidebar.show()
    st.set_page_config(page_title=f"{title} · LayerLab", page_icon=str(sidebar.ICON), layout="wide")
    style.apply()
    begin_visit(title)
    visitor.recognise()
    notes.mount()
    trouble = store_trouble() if needs_store else None
    if trouble is not None:
        st.markdown(f"# {title}")
        with unusable.told():
            raise trouble
        st.stop()
    return arrived
