"""Home's path: which Learn pages somebody has worked through, what comes next, and how long that takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import streamlit as st

from lib.specs.progress import ProgressError, from_json, to_json
from lib.specs.tasks.known import COUNT, SIGHTINGS, TASKS, done
from lib.ui.app.frame import LEARN
from lib.ui.kit import lessons, links, words
from lib.ui.kit.key import Key
from lib.ui.session import progress

TASK_SECONDS = 120
"""What a task takes somebody who thinks about it: an estimate."""
MOST_MB = 1
_FILE: Key[Any] = Key("progress_file", None)
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
            "Save", to_json(mine), "layerlab-progress.json", "application/json", key="save_progress",
            icon=":material/download:", on_click="ignore", disabled=not mine,
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
    said = _SAID.take()
    if said is not None:
        (st.success if said[1] else st.error)(said[0])


def _open() -> None:
    """Take over the progress of a file. Nothing in it says whose it was: it is joined with the visitor's own."""
    file = _FILE.get()
    if file is None:
        return
    try:
        found = from_json(file.getvalue())
    except ProgressError as error:
        _SAID.set((words.escaped(str(error)), False))
        return
    known = found.only(SIGHTINGS, {f"{page}.quiz" for page in LEARN})
    progress.join(known)
    told = lessons.text("tasks.opened", tasks=_counted(len(known.seen), "sighting"),
                        answers=_counted(len(known.answers), "answer"))  # fmt: skip
    strange = len(found) - len(known)
    _SAID.set((f"{told} {lessons.text('tasks.opened_unknown', number=strange)}" if strange else told, True))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _erase() -> None:
    erased = progress.erase()
    _SAID.set((lessons.text("tasks.erased" if erased else "tasks.not_erased"), erased))
