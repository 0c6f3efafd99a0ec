"""The epoch whose weights are looked at: a slider over those that are kept."""

from __future__ import annotations

import time

import streamlit as st

from lib.ui.kit import lessons, words
from lib.ui.kit.choice import Place
from lib.ui.kit.key import Key
from lib.ui.kit.options import pin

_EPOCH = Key("inside_epoch", -1)
_NEWEST = Key("inside_newest", -1)
"""The newest epoch when the page was drawn last: whoever looked at it goes on to a newer one."""


_STEP_AT = Key("inside_step_at", 0.0)
"""When the time machine may go on to its next epoch, by the monotonic clock; 0 while it does not play."""
STEP_SECONDS = 1.0
"""So long the time machine stays at an epoch."""


def playing() -> bool:
    """Whether the time machine goes from epoch to epoch by itself."""
    return bool(_STEP_AT.get())


def _play(epochs: list[int]) -> None:
    """Play or stop; at the last epoch begin with the first."""
    if playing():
        _STEP_AT.drop()
        return
    if _EPOCH.get() == epochs[-1]:
        _EPOCH.set(epochs[0])
    _STEP_AT.set(time.monotonic() + STEP_SECONDS)


def _go_on(epochs: list[int]) -> None:
    """The next epoch, when its time has come; after the last one the time machine stands still."""
    if not playing() or time.monotonic() < _STEP_AT.get():
        return
    later = [epoch for epoch in epochs if epoch > _EPOCH.get()]
    if later:
        _EPOCH.set(later[0])
    if len(later) > 1:
        _STEP_AT.set(time.monotonic() + STEP_SECONDS)
    else:
        _STEP_AT.drop()


def epoch_choice(epochs: list[int]) -> int:
    """Let a person choose an epoch.

    Args:
        epochs: those that can be looked at, ascending; at least one, of which nothing is asked.
    """
    newest = epochs[-1]
    if _EPOCH.is_set() and _EPOCH.get() == _NEWEST.get() != newest:
        _EPOCH.drop()
    _go_on(epochs)
    place = Place(_EPOCH.name, "epoch", newest)
    shown = place.shown(_EPOCH.get() if _EPOCH.is_set() else None, lambda text: _read(text, epochs))
    asked = st.query_params.get("epoch")
    if asked is not None and _read(asked, epochs) is None:
        st.warning(lessons.text("inside.no_epoch", epoch=words.escaped(f"{asked:.20}"), newest=newest))
    if shown not in epochs:
        shown = newest
    _NEWEST.set(newest)
    pin(_EPOCH.name, shown)
    if len(epochs) == 1:
        return place.written(newest)
    with st.container(horizontal=True, vertical_alignment="bottom", key="time_machine"):
        chosen = st.select_slider(
            "Weights after epoch", epochs, shown, key=_EPOCH.name, help=lessons.text("inside.epoch")
        )
        st.button(
            "Pause" if playing() else "Play", key="inside_play", on_click=_play, args=(epochs,),
            icon=f":material/{'pause' if playing() else 'play_arrow'}:", help=lessons.text("inside.play"),
        )  # fmt: skip
    return place.written(chosen)


def _read(text: str, epochs: list[int]) -> int | None:
    return {str(epoch): epoch for epoch in epochs}.get(text)
