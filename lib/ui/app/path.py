"""Home's path: which Learn pages somebody has worked through, what comes next, and how long that takes."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from lib.specs.progress import Progress, ProgressError, Saved, from_file, to_file
from lib.specs.tasks.known import COUNT, SIGHTINGS, TASKS, done
from lib.ui.app.frame import LEARN
from lib.ui.kit import lessons, links, words
from lib.ui.kit.key import Key
from lib.ui.session import progress

TASK_SECONDS = 120
"""What a task takes somebody who thinks about it: an estimate."""
MOST_MB = 1
_FILE: Key[Any] = Key("progress_file", None)
_FOUND: Key[Saved | None] = Key("progress_found", None)
"""What a file holds that was opened and is not added yet, as far as this LayerLab knows its tasks."""
_SAID: Key[tuple[str, bool] | None] = Key("progress_said", None)
"""A sentence about what was just done to the progress, and whether it went well."""


def show() -> None:
    """Show the path, and what can be done with one's progress."""
    seen = progress.mine().seen
    with st.container(key="path"):
        lessons.show("tasks.path")
        page = next_page(seen)
        if page:
            minutes = words.duration(TASK_SECONDS * left(page, seen))
            values = {"done": done(seen), "all": COUNT, "page": LEARN[page].title, "minutes": minutes}
            st.markdown(lessons.text("tasks.path_next" if seen else "tasks.path_first", **values))
        else:
            st.markdown(lessons.text("tasks.path_all", all=COUNT))
        with st.container(horizontal=True, key="path_pages", gap="xsmall"):
            for stem, tasks in TASKS.items():
                count = f"{len(tasks) - left(stem, seen)}/{len(tasks)}"
                links.page_link(stem, f"{LEARN[stem].title} :gray[{count}]", icon_of(stem, seen))
        _own()


def left(page: str, seen: Iterable[str]) -> int:
    """How many tasks of a page are not done.

    >>> left("pooling", ["pooling.task_1_hidden", "pooling.task_1_moved"])
    2
    """
    return sum(not task.done(seen) for task in TASKS[page])


def next_page(seen: Iterable[str]) -> str:
    """The first page with a task that is not done, "" when all are done; one that was begun comes first.

    >>> next_page([]), next_page(["pooling.task_1_hidden"])
    ('images', 'pooling')
    """
    open_pages = [page for page in TASKS if left(page, seen)]
    begun = [page for page in open_pages if any(task.seen_of(seen) for task in TASKS[page])]
    return next(iter((*begun, *open_pages)), "")


def icon_of(page: str, seen: Iterable[str]) -> str:
    """A page's icon in the path: what is done, what was begun, what is new."""
    tasks = TASKS[page]
    if not left(page, seen):
        return ":material/check_circle:"
    return ":material/timelapse:" if any(task.seen_of(seen) for task in tasks) else ":material/circle:"


def _own() -> None:
    """Let somebody save, open and erase their progress."""
    mine = progress.mine()
    with st.popover("Your progress", icon=":material/bookmark:"):
        st.caption(lessons.text("tasks.not_kept" if progress.trouble() else "tasks.kept_here"))
        st.download_button(
            "Save", partial(_file, progress.for_file()), "layerlab-progress.json", "application/json",
            key="save_progress", icon=":material/download:", on_click="ignore", disabled=not mine,
        )  # fmt: skip
        st.file_uploader(
            "Open saved progress", "json", key=_FILE.name, max_upload_size=MOST_MB, on_change=_open
        )  # fmt: skip
        if mine:
            sure = st.checkbox("Erase my progress", key="erase_progress", help=lessons.text("tasks.erase"))
            st.button(
                "Erase for good", key="erase_progress_now", icon=":material/delete_forever:", disabled=not sure,
                on_click=_erase,
            )  # fmt: skip
    _offer()
    said = _SAID.take()
    if said is not None:
        (st.success if said[1] else st.error)(said[0])


def _file(saved: Saved) -> str:
    """What is saved, with the moment at which somebody does it: the button may have stood there for long."""
    return to_file(replace(saved, at=time.time()))


def _open() -> None:
    """Read a file. What it would add is shown first: it may be somebody else's."""
    _FOUND.drop()
    file = _FILE.get()
    if file is None:
        return
    try:
        saved = from_file(file.getvalue())
    except ProgressError as error:
        _SAID.set((words.escaped(str(error)), False))
        return
    known = saved.progress.only(SIGHTINGS, {f"{page}.quiz" for page in LEARN})
    _FOUND.set(replace(saved, progress=known))
    strange = len(saved.progress) - len(known)
    if strange:
        _SAID.set((lessons.text("tasks.opened_unknown", number=strange), True))


def _offer() -> None:
    """Say who saved the file that was opened, when, and what it would add; and let the visitor decide."""
    saved = _FOUND.get()
    if saved is None:
        return
    mine = progress.mine()
    more = mine.lacking(saved.progress)
    tasks = done(mine.joined(more).seen) - done(mine.seen)
    values = {**_amount(more), "tasks": _counted(tasks, "task")}
    with st.container(key="found_progress", border=True):
        st.markdown(f"{_origin(saved)} {lessons.text('tasks.found_adds' if more else 'tasks.found_nothing', **values)}")
        with st.container(horizontal=True):
            if more:
                st.button("Add to mine", key="add_progress", type="primary", icon=":material/add:", on_click=_add)
            st.button("Leave it", key="leave_progress", icon=":material/close:", on_click=_FOUND.drop)


def _origin(saved: Saved) -> str:
    """When a file was saved and by whom, as far as it says that."""
    if saved.at is None:
        return lessons.text("tasks.found_unsigned")
    when = datetime.datetime.fromtimestamp(saved.at, datetime.UTC).strftime("%d %b %Y, %H:%M UTC")
    return lessons.text("tasks.found_own" if saved.by == progress.mark() else "tasks.found_other", when=when)


def _add() -> None:
    """Add what the visitor does not have. All that they have stays as it is."""
    saved = _FOUND.take()
    if saved is not None:
        more = progress.mine().lacking(saved.progress)
        progress.join(more)
        _SAID.set((lessons.text("tasks.opened", **_amount(more)), True))


def _amount(more: Progress) -> dict[str, str]:
    return {
        "sightings": _counted(len(more.seen), "sighting"), "answers": _counted(len(more.answers), "answer"),
    }  # fmt: skip


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _erase() -> None:
    erased = progress.erase()
    _SAID.set((lessons.text("tasks.erased" if erased else "tasks.not_erased"), erased))
