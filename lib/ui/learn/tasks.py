"""The tasks of a Learn page as a person meets them: each with a tick, "Set it up" and "Show me".

The address holds the task at work, `task=2`, and what of it is shown, `shown=1`: a link opens a page with its task.

`lib.specs.tasks.task` says how a page gets tasks. A page tells what it shows with `tell`; `page.begin` and
`page.closing` do the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.specs.tasks.known import TASKS
from lib.specs.tasks.task import Address, Task, Watch
from lib.ui.kit import heard, lessons
from lib.ui.kit.choice import went_back
from lib.ui.kit.component import component, whole
from lib.ui.kit.key import Key
from lib.ui.kit.put_address import put_address
from lib.ui.session import progress

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator


_NOTHING_YET = Watch()


@dataclass(frozen=True, slots=True)
class _Open:
    """A page that is open.

    Attributes:
        page: its file stem.
        facts: what it has told.
        watch: what it did not show at one moment of this visit.
        stamp: counts how often a task has set the controls.
    """

    page: str
    facts: Mapping[str, Any]
    watch: Watch = _NOTHING_YET
    stamp: int = 0


_OPEN: Key[_Open | None] = Key("tasks_open", None)
_PLACE: Key[DeltaGenerator | None] = Key("tasks_place", None)
"""The place below the page's title for the task that is being done."""
_NEWS: Key[tuple[str, ...]] = Key("tasks_news", ())
"""Texts of tasks of which something was seen, and nobody has been told yet."""


def begin(page: str, *, arrived: bool) -> None:
    """Begin to watch a page that is drawn as a whole.

    Args:
        page: its file stem.
        arrived: whether another page was shown before.
    """
    now = _OPEN.get()
    if now is None or now.page != page or arrived:
        now = _Open(page, {})
    elif went_back():
        now = replace(now, watch=_NOTHING_YET)
    _OPEN.set(replace(now, facts={}))
    heard.place(task=[task.number for task in TASKS.get(page, ())], shown=_steps(page))
    if page in TASKS:
        _PLACE.set(st.container(key=f"tasks_now_{page}"))


def tell(**facts: Any) -> None:
    """Tell what the page computed and shows now. A fragment that runs alone is judged here, a whole page at its end.

    Args:
        facts: numbers and short texts, by name.
    """
    now = _OPEN.get()
    if now is None:
        return
    _OPEN.set(replace(now, facts={**now.facts, **facts}))
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None and context.fragment_ids_this_run:
        _judge()
        # The list of tasks stands outside the fragment. The news wait until it has been drawn: a run of the fragment
        # that the browser has asked for meanwhile may take the place of the rerun.
        if _NEWS.get():
            st.rerun()


def waiting() -> bool:
    """Whether something is left to be done on this page: then a component tells the app where a person looks."""
    now, seen = _OPEN.get(), progress.mine().seen
    return now is not None and not all(task.done(seen) for task in TASKS.get(now.page, ()))


def _judge() -> None:
    """Look whether what the page shows is news, and remember it."""
    now = _OPEN.get()
    assert now is not None
    watch, found = now.watch.look(TASKS.get(now.page, ()), now.facts)
    _OPEN.set(replace(now, watch=watch))
    new = progress.see(found)
    texts = [task.text for task in TASKS.get(now.page, ()) if any(each.text in new for each in task.sightings)]
    _NEWS.set((*_NEWS.get(), *texts))


def show(page: str) -> None:
    """End a page that is drawn as a whole: look at what it told, and list its tasks.

    Args:
        page: its file stem.
    """
    _judge()
    _announce(page)
    _show_current(page)
    with st.container(key=f"tasks_{page}", gap="xsmall"):
        lessons.show("tasks.title")
        for task in TASKS[page]:
            _line(task)
        if progress.trouble():
            st.caption(lessons.text("tasks.not_kept"))


def _announce(page: str) -> None:
    """Say in a corner of the screen what was noticed: the list may be far below."""
    news, seen = _NEWS.take(), progress.mine().seen
    for task in TASKS[page]:
        if task.text in news:
            values = {"seen": task.seen_of(seen), "wanted": len(task.sightings), "task": title(task)}
            said = "tasks.done" if task.done(seen) else "tasks.part"
            st.toast(lessons.text(said, **values), icon=":material/task_alt:")


def title(task: Task) -> str:
    """What a task is called: the bold words that its text begins with.

    >>> from lib.specs.tasks.known import TASKS
    >>> title(TASKS["pooling"][0])
    'One dot'
    """
    return lessons.text(task.text).split("**")[1].rstrip(".")


def _line(task: Task) -> None:
    with st.container(key=f"task_{task.name}", horizontal=True, vertical_alignment="top", gap="small"):
        _tick(task)
        st.markdown(lessons.text(task.text) + _so_far(task))
        st.button(
            "Set it up", key=f"set_up_{task.name}", type="tertiary", icon=":material/tune:",
            on_click=partial(_set_up, task),
        )  # fmt: skip
        st.button(
            "Show me", key=f"show_{task.name}", type="tertiary", icon=":material/play_circle:",
            on_click=partial(_show_step, task, 0),
        )  # fmt: skip


def _tick(task: Task) -> None:
    done = task.done(progress.mine().seen)
    words = "done" if done else "not done yet"
    st.html(
        f'<span class="tick" data-done="{str(done).lower()}" role="img" aria-label="{words}"></span>', width="content"
    )


def _so_far(task: Task) -> str:
    """How much of a task that was begun has been seen."""
    seen, wanted = task.seen_of(progress.mine().seen), len(task.sightings)
    return f" :small[:gray[{seen} of {wanted} seen]]" if 0 < seen < wanted else ""


def _set_up(task: Task) -> None:
    _put(task, task.start, None)


def _show_step(task: Task, step: int) -> None:
    _put(task, task.sightings[step].address, step)


def _put(task: Task, address: Address, step: int | None) -> None:
    now = _OPEN.get()
    assert now is not None
    _OPEN.set(replace(now, watch=_NOTHING_YET, stamp=now.stamp + 1))
    shown = {} if step is None else {"shown": str(step + 1)}
    put_address({**address, "task": task.number, **shown})


def _put_away() -> None:
    for name in ("task", "shown"):
        st.query_params.pop(name, None)


def _steps(page: str) -> list[str]:
    """Numbers of the sightings of the task in the address, as an address writes them."""
    for task in TASKS.get(page, ()):
        if task.number == st.query_params.get("task"):
            return [str(number) for number in range(1, len(task.sightings) + 1)]
    return []


def _show_current(page: str) -> None:
    """Show the task that was set up or is shown above the page, where it stays in sight: the list is far below."""
    now, place = _OPEN.get(), _PLACE.take()
    if now is None or place is None:
        return
    for task in TASKS[page]:
        if task.number == st.query_params.get("task"):
            shown = st.query_params.get("shown", "")
            step = int(shown) - 1 if shown in _steps(page) else None
            with (
                place,
                st.container(key="task_now", border=True, horizontal=True, vertical_alignment="top", gap="small"),
            ):
                _show_at_work(task, step)
                names = _to_change(task, step)
                component("to_control")(
                    key="to_control", data=whole({"stamp": now.stamp, "names": names}), width="content", height=1
                )


def _show_at_work(task: Task, step: int | None) -> None:
    _tick(task)
    if step is None:
        st.markdown(lessons.text(task.text) + _so_far(task))
    else:
        sentence = lessons.text(task.sightings[step].text)
        st.markdown(lessons.text("tasks.shown", step=step + 1, steps=len(task.sightings), sentence=sentence))
        if step + 1 < len(task.sightings):
            st.button(
                "Next", key="next_sighting", type="tertiary", icon=":material/arrow_forward:",
                on_click=partial(_show_step, task, step + 1),
            )  # fmt: skip
    st.button("Put away", key="put_task_away", type="tertiary", icon=":material/close:", on_click=_put_away)


def _to_change(task: Task, step: int | None) -> list[str]:
    """Names of the controls that a learner has to change, or has seen changed."""
    sightings = task.sightings if step is None else task.sightings[step : step + 1]
    changed = {
        name for sighting in sightings for name, text in sighting.address.items() if task.start.get(name) != text
    }
    return sorted(changed)
