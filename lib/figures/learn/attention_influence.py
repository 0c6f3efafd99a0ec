"""For each word: how much attention it gets, and how far the answer moves without it.

The picture is HTML: a few bars need no plotly, whose script takes a browser longer than all else on the page.
`lib/ui/app/style.css` says what it looks like.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lib.figures.base.colours import BLUE, ORANGE

Values = NDArray[np.float32]


def influence_bars(words: Sequence[str], received: Values, changes: Values) -> str:
    """Two bars for each word: to the left the attention that it gets, to the right the change without it.

    Args:
        words: of the sentence, in its order.
        received: mean share of the attention that each gets, `(words,)`.
        changes: of the probability of praise when each is left out, `(words,)`.

    Returns:
        HTML; each bar tells its number with four digits to who points at it.
    """
    cells = [
        f'<span class="word">{html.escape(word)}</span>' + shares + moves
        for word, shares, moves in zip(
            words, _bars(words, received, BLUE, ".3f"), _bars(words, changes, ORANGE, "+.3f"), strict=True
        )
    ]
    heads = "<span></span><b>attention it gets</b><b>change without it</b>"
    alt = html.escape(describe_influence(words, received, changes))
    return f'<div class="influence" role="img" aria-label="{alt}">{heads}{"".join(cells)}</div>'


def _bars(words: Sequence[str], values: Values, colour: str, digits: str) -> list[str]:
    """The bars of one axis; beside it is room for the numbers at the ends of the longest ones."""
    furthest = float(np.abs(values).max(initial=0)) or 1.0
    lowest = -furthest if (values < 0).any() else 0.0
    highest = furthest if (values > 0).any() or not lowest else 0.0
    share = 100 / (highest - lowest)
    zero = abs(lowest) * share
    signed = " signed" if lowest else ""
    bars = []
    for word, value in zip(words, values.tolist(), strict=True):
        start, length = zero + min(value, 0) * share, abs(value) * share
        side = f"right:{100 - start:.2f}%" if value < 0 else f"left:{start + length:.2f}%"
        bars.append(
            f'<span class="axis{signed}" title="{html.escape(word)}: {value:.4f}">'
            f'<i class="zero" style="left:{zero:.2f}%"></i>'
            f'<i style="left:{start:.2f}%;width:{length:.2f}%;background:{colour}"></i>'
            f'<span style="{side}">{value:{digits}}</span></span>'
        )
    return bars


def describe_influence(words: Sequence[str], received: Values, changes: Values) -> str:
    """The alt text: both numbers of each word."""
    told = (
        f"{word} gets {share:.3f}, without it {change:+.3f}"
        for word, share, change in zip(words, received.tolist(), changes.tolist(), strict=True)
    )
    return f"Attention that each word gets, and change of the probability of praise without it: {'; '.join(told)}."
