"""Softmax step by step, with a temperature: of the ten units' logits, or of a person's own."""

from __future__ import annotations

import re

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.softmax import SoftmaxSteps, softmax_steps
from lib.figures.learn.softmax_bars import describe_softmax, softmax_bars
from lib.ui.kit import lessons, sums, words
from lib.ui.kit.choice import Choice
from lib.ui.kit.fragment import fragment
from lib.ui.kit.key import Key
from lib.ui.kit.question_note import ask
from lib.ui.learn import tasks

Values = NDArray[np.float32]

_SOURCE = Choice("logits_from", {"units": "the ten units", "own": "my own"}, "units")
_FIRST = "2, 1, 0.1"
_LAST: Key[Values | None] = Key("last_logits", None)
"""The logits that could be read last."""
_MOST = 10
_BOUND = 1000.0
_HEAD = f"class{'logit':>8}{'÷ T':>8}{'− max':>8}{'exp':>9}{'÷ sum':>8}"


def parse_logits(text: str) -> Values:
    """Logits that a person wrote, with commas or spaces between them.

    Raises:
        ValueError: fewer than two, more than ten, or one that is no number from -1000 to 1000; the text says which.
    """
    parts = [part for part in re.split(r"[,;\s]+", text) if part]
    if not 2 <= len(parts) <= _MOST:
        raise ValueError(f"Write 2 to {_MOST} numbers with commas between them; there are {len(parts)}.")
    return np.array([_number(part) for part in parts], np.float32)


def _number(part: str) -> float:
    try:
        value = float(part)
    except ValueError:
        value = float("nan")
    if not abs(value) <= _BOUND:
        raise ValueError(f"“{part:.20}” is not a number from {-_BOUND:.0f} to {_BOUND:.0f}. Write it like 1.5.")
    return value


@fragment
def steps(logits: Values) -> None:
    """Show where the logits come from, the temperature, every step as numbers, and the probabilities as bars.

    Args:
        logits: of the page's picture, `(10,)`.
    """
    lessons.show("flattening.softmax")
    with st.container(key="softmax"):
        left, right = st.columns([3, 4], gap="large")
        with left:
            source = _SOURCE.segments("Logits")
            shown = logits if source == "units" else _own()
            temperature = st.slider("Temperature T", 0.1, 10.0, 1.0, 0.1, key="temperature", bind="query-params")
            made = softmax_steps(shown, temperature)
            names = [str(place) for place in range(len(shown))]
            st.plotly_chart(
                softmax_bars(names, made.probabilities, softmax_steps(shown).probabilities),
                key="softmax_bars", alt=describe_softmax(names, made.probabilities, temperature),
                config={"displayModeBar": False},
            )  # fmt: skip
        with right:
            lessons.show("flattening.steps")
            sums.show(_table(made), wrapped=False)
            sums.show(_sum(made, temperature))
            ask("what_is_a_logit", "sure_and_wrong", "from_logits")
    tasks.tell(
        logits_from=source, temperature=temperature, lowest=float(shown.min()), spread=float(np.ptp(shown)),
        largest_share=float(made.probabilities.max()),
    )  # fmt: skip


def _own() -> Values:
    """The logits in the text field. Where they cannot be read the page says why, and the last ones stay."""
    text = st.text_input("Your logits, with commas between them", _FIRST, max_chars=200, key="logits",
                         bind="query-params")  # fmt: skip
    try:
        _LAST.set(parse_logits(text))
    except ValueError as error:
        st.warning(words.escaped(str(error)), icon=":material/pin:")
    last = _LAST.get()
    return parse_logits(_FIRST) if last is None else last


def _table(made: SoftmaxSteps) -> str:
    """Every step as a column of numbers."""
    rows = [
        f"{place:5}{_short(made.logits[place]):>8}{_short(made.scaled[place]):>8}{_short(made.shifted[place]):>8}"
        f"{_short(made.exponentials[place]):>9}{share:8.1%}"
        for place, share in enumerate(made.probabilities)
    ]
    total = f"{'sum':29}{_short(made.total):>9}{made.probabilities.sum():8.1%}"
    return "\n".join([_HEAD, *rows, total])


def _sum(made: SoftmaxSteps, temperature: float) -> str:
    """How the probability of the likeliest class comes about, with its numbers."""
    best = int(made.probabilities.argmax())
    largest = _short(float(made.scaled.max()))
    return (
        f"p({best}) = exp({_short(made.logits[best])}/{temperature:g} - {largest}) / {_short(made.total)} = "
        f"{_short(made.exponentials[best])} / {_short(made.total)} = {made.probabilities[best]:.1%}"
    )


def _short(value: float) -> str:
    """A number with three significant digits; minus zero is written as zero."""
    return f"{value + 0:.3g}"
