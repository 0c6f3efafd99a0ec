"""Suspicious labels: samples that a network which has not learned from them surely takes for something else."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from lib.concepts.suspects import Suspects, suspects
from lib.figures.base.images import to_data_url
from lib.ui.experiments.pooled import Pooled
from lib.ui.experiments.suspects_file import suspects_csv
from lib.ui.kit import lessons, words
from lib.ui.kit.whole_number import WholeNumber
from lib.ui.results.samples import cards, in_columns, shortened

PER_PAGE = 12
_MANY = 0.1
"""A larger share of suspects speaks of the network: labels that people gave are rarely that often wrong."""
_PAGE = WholeNumber("suspects_page", 1, "suspects")


def suspects_view(found: Pooled) -> None:
    """Show the suspects, the most suspicious first, page by page.

    Args:
        found: answers of networks to samples that they have not learned from, where there are classes.
    """
    kind = words.samples(found.run.data.kind)
    with st.container(key="suspects"):
        lessons.show("folds.suspects", kind=kind)
        if not found.are_probabilities:
            st.caption(lessons.text("folds.no_probabilities"))
            return
        listed = suspects(found.outputs, found.labels)
        share = len(listed.numbers) / max(len(found.numbers), 1)
        told = {
            "count": f"{len(listed.numbers):,}",
            "samples": f"{len(found.numbers):,}",
            "share": words.percent(share),
        }
        if not len(listed.numbers):
            lessons.show("folds.no_suspects", kind=kind, **told)
            return
        lessons.show("folds.suspects_found", kind=kind, **told)
        if share > _MANY:
            right = (found.outputs.argmax(axis=1) == found.labels).mean()
            lessons.show("folds.many_suspects", right=words.percent(float(right)))
        _page(found, listed)
        st.download_button(
            lessons.text("folds.suspects_file"), lambda: suspects_csv(found, listed), "layerlab-suspects.csv",
            "text/csv", key="download_suspects", icon=":material/table:", on_click="ignore",
        )  # fmt: skip


def _page(found: Pooled, listed: Suspects) -> None:
    pages = math.ceil(len(listed.numbers) / PER_PAGE)
    place = _PAGE.shown(1, pages)
    start = (place - 1) * PER_PAGE
    end = min(start + PER_PAGE, len(listed.numbers))
    st.caption(lessons.text("folds.suspects_shown", first=f"{start + 1:,}", last=f"{end:,}",
                            count=f"{len(listed.numbers):,}"))  # fmt: skip
    rows = [_row(found, int(listed.numbers[rank]), int(listed.said[rank])) for rank in range(start, end)]
    cards(rows, found.names, "suspects_cards", lessons.text("folds.label"), still=True)
    _PAGE.written(st.pagination(pages, default=place, key=_PAGE.key) if pages > 1 else place)


def _row(found: Pooled, position: int, said: int) -> dict[str, Any]:
    """A suspect for `cards`: its picture, text or values, its label, and what its network says."""
    number, shares = int(found.numbers[position]), found.outputs[position]
    return {
        "number": number, **_shown(found, number), "label": int(found.labels[position]), "predicted": said,
        "shares": [round(float(share), 5) for share in shares],
    }  # fmt: skip


def _shown(found: Pooled, number: int) -> dict[str, Any]:
    data, part = found.run.data, found.part
    if data.kind == "text":
        return {"text": shortened(part.text(number))}
    if data.kind == "images":
        return {"image": to_data_url(part.sample(number), scale=2)}
    return in_columns(data, part.sample(number))
