"""The address of the Build page: it says what the draft is, and it reopens the draft.

The address is written after every run of the page, so that copying it is sharing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import streamlit as st

from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.codec import from_query, to_query
from lib.specs.data import DataSpec
from lib.specs.datasets import DATASETS
from lib.specs.fields import SpecError
from lib.specs.recipes import RECIPES
from lib.ui.kit import heard, lessons, words
from lib.ui.kit.choice import went_back
from lib.ui.kit.key import Key
from lib.ui.session import draft, own_visit, refusals
from lib.ui.session.engine import find_run
from lib.ui.session.state import EDITED

ECHO_SECONDS = 2.0
"""For so long after we wrote an address the browser may still report the one before; that echo is ignored."""


@dataclass(frozen=True, slots=True)
class _Written:
    """The address that we wrote last, the one before, and when we wrote it, by the monotonic clock."""

    address: dict[str, str]
    before: dict[str, str]
    written_at: float


VIEW = frozenset(
    (
        "add", "api", "bring", "card", "discrete", "edited", "example", "image", "more", "open_layers", "pace", "test",
        "variants", "watched_layer", "watching", "weight",
    )
)  # fmt: skip
"""Parameters that say how the page is looked at, not what is trained: their own controls read and write them."""

_WRITTEN: Key[_Written | None] = Key("address_written", None)


def read() -> list[str]:
    """Take over what the address says, unless we wrote it ourselves.

    Returns:
        Sentences about what in it could not be used; empty when all is well.
    """
    if EDITED.take():
        return _of_lost_run()
    address, again = _without_view(), refusals.to_try_again()
    if not again and (not address or (_is_echo(address) and not went_back())):
        refusals.say([*refusals.sentences(), *_of_lost_run()])
        return refusals.sentences()
    refusals.say(_take_over(again or address))
    # Only now: had a rerun cut the taking over short, the next run would have to do it again.
    if again and refusals.to_try_again():
        refusals.forget_refused()
        # The browser asked for this address, but may show the one that we wrote meanwhile: `write` writes it anew.
        st.query_params.clear()
    return refusals.sentences()


def _without_view() -> dict[str, str]:
    """What the address says of the draft and its run."""
    return {name: text for name, text in st.query_params.to_dict().items() if name not in VIEW}


def _of_lost_run() -> list[str]:
    """A sentence if the run that Build follows was deleted meanwhile; it is not followed any more then."""
    if not draft.attached_run() or find_run(draft.attached_run()) is not None:
        return []
    draft.attach("")
    return [lessons.text("build.deleted_run")]


def _is_echo(address: dict[str, str]) -> bool:
    written = _WRITTEN.get()
    if written is None:
        return False
    recent = time.monotonic() - written.written_at < ECHO_SECONDS
    return address == written.address or (recent and address == written.before)


def _take_over(address: dict[str, str]) -> list[str]:
    """Follow the run that an address names, and make its settings the draft.

    Returns:
        Sentences about what could not be used.
    """
    run_id = address.get("run", "")
    settings = {name: text for name, text in address.items() if name != "run"}
    run = find_run(run_id) if run_id else None
    draft.attach(run_id if run else "")
    troubles = []
    if run_id and run is None:
        name = words.escaped(f"{run_id!r:.40}")
        troubles.append(lessons.text("results.unknown_run", run=name))
    if own_visit.closed(_dataset(settings, run)):
        refusals.refuse(address)
        troubles.append(lessons.text("own_data.closed"))
    elif settings:
        troubles += _use(settings)
    elif run:
        draft.put_again(run.spec)
    return troubles


def _dataset(settings: dict[str, str], run: RunSnapshot | None) -> str:
    """The dataset that an address asks for, itself or through its run; "" where it leaves that open."""
    if settings:
        return settings.get("dataset", "")
    return run.spec.data.dataset if run else ""


def _use(settings: dict[str, str]) -> list[str]:
    """Make these settings the draft; where they cannot be, say why in a sentence."""
    if "layers" not in settings:
        settings = {**_usual(settings.get("dataset", "")), **settings}
    try:
        draft.put_again(from_query(settings))
    except SpecError as error:
        why = words.escaped(str(error))
        return [f"The address could not be used: {why}. The settings below do not come from it."]
    return []


def _usual(dataset: str) -> dict[str, str]:
    """The settings of the first recipe of a dataset, for an address that names no layers."""
    if dataset not in DATASETS and not own_visit.is_own(dataset):
        return to_query(next(iter(RECIPES.values())).run)
    return to_query(draft.first_of(DataSpec(dataset=dataset)))


def write() -> None:
    """Make the address say what the draft is. How the page is looked at stays, as far as a control has read it."""
    wanted = to_query(draft.current().spec)
    if draft.attached_run():
        wanted["run"] = draft.attached_run()
    written = _WRITTEN.get()
    if written is None or written.address != wanted:
        before = written.address if written else {}
        _WRITTEN.set(_Written(wanted, before, time.monotonic()))
    now, read_here = st.query_params.to_dict(), heard.parameters()
    wanted |= {name: text for name, text in now.items() if name in VIEW and name in read_here}
    if now != wanted:
        st.query_params.from_dict(wanted)
