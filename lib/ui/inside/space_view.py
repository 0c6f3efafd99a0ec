"""The learned space: test samples in the plane, near each other where a layer's outputs are alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.engine.runs.snapshot import RunSnapshot
from lib.figures.base.colours import CLASSES, IN_THE_PLANE
from lib.figures.base.images import sprite_sheet
from lib.figures.inside.space import describe_space, outside, space
from lib.specs.model import INPUT, ModelSpec
from lib.ui.inside.epoch_choice import playing
from lib.ui.inside.refusal import samples_told
from lib.ui.inside.space_layout import Asked, Layout, by_pca, by_tsne
from lib.ui.kit import lessons, unusable, words
from lib.ui.kit.choice import Choice
from lib.ui.kit.component import component, whole
from lib.ui.kit.fragment import fragment
from lib.ui.kit.key import Key
from lib.ui.kit.whole_number import WholeNumber
from lib.ui.results.run_answers import test_part
from lib.ui.results.samples import card, cards
from lib.ui.session.state import LOOKED_AT

MOST_BY_TSNE = 1_000
"""t-SNE looks at pairs of samples: twice as many take more than twice as long."""
MOST_NUMBERS = 40_000_000
"""Outputs of a layer for all samples together, 160 MB in a worker. Of wide layers fewer samples are shown."""
_COUNTS = {500: "500", 1_000: "1,000", 2_000: "2,000"}
_METHODS = {"pca": "PCA", "tsne": "t-SNE"}
_MARKS = {"click": "one, by a click", "lasso": "several"}
_SHOWN, _TEXTS_SHOWN = 6, 3
_SHEET_COLUMNS, _SHEET_SIDE = 50, 32
_PLOT: Key[Any] = Key("space_plot", None)
_SAMPLE = WholeNumber("embedding_sample", 0)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """The samples in the plane.

    Attributes:
        numbers: their positions in the test part, `(samples,)`.
        true: class of each, or the number that is to be predicted.
        answers: what the network says, `(samples, outputs)`.
    """

    run: RunSnapshot
    numbers: NDArray[np.intp]
    true: NDArray[Any]
    answers: NDArray[np.float32]

    @property
    def said(self) -> NDArray[Any]:
        """The class that the network says of each, or the number that it predicts."""
        return self.answers[:, 0] if self.run.spec.regression else self.answers.argmax(axis=1)


@fragment
@unusable.told()
@samples_told()
def space_view(run: RunSnapshot, epoch: int, epochs: Sequence[int]) -> None:
    """Show where test samples lie for a layer.

    Args:
        run: the run.
        epoch: the chosen one.
        epochs: all that can be chosen, ascending.
    """
    lessons.show("inside.space")
    test = test_part(run)
    first, second, third, fourth = st.columns([6, 4, 5, 6])
    with first:
        layer = Choice("embedding_layer", _layers(run), _usual_layer(run.spec.model)).listed("Layer")
    with second:
        method = Choice("embedding_method", _METHODS, "pca").segments("Method")
    with third:
        count = Choice("embedding_samples", _COUNTS, 1_000).segments("Samples")
    with fourth:
        lasso = (
            Choice("embedding_mark", _MARKS, "click").segments("Mark", help=lessons.text("inside.space_mark"))
            == "lasso"
        )
    numbers = spread_numbers(run.spec.model, layer, len(test), min(count, MOST_BY_TSNE) if method == "tsne" else count)
    if len(numbers) < min(count, len(test)):
        passage = "space_tsne_fewer" if method == "tsne" and len(numbers) == MOST_BY_TSNE else "space_fewer"
        st.caption(lessons.text(f"inside.{passage}", shown=f"{len(numbers):,}"))
    asked = Asked(run.id, epoch, epochs[-1], layer, numbers)
    left, right = st.columns([3, 2], gap="large")
    with left, st.container(key="space_box"):
        if method == "tsne" and playing():
            st.caption(lessons.text("inside.no_film_tsne"))
            return
        ahead = next((each for each in epochs if each > epoch), None) if playing() else None
        layout = by_tsne(asked) if method == "tsne" else by_pca(asked, ahead)
        if layout is None:
            return
        drawn = Drawn(run, numbers, test.y[numbers], layout.answers)
        picked = _plot(drawn, layout, layer, lasso)
    with right:
        _picked(drawn, _mistakes_first(drawn, picked) if lasso else [], len(test))
    lessons.show(f"inside.space_{method}", epoch=epochs[-1])


def _layers(run: RunSnapshot) -> dict[str, str]:
    """The layers that can be chosen. Ids of words are no place: sentences have none before their Embedding."""
    model = run.spec.model
    layers = {
        name: f"{name} {layer.brief}".strip()
        for name, layer in zip(model.layer_names(), model.layers, strict=True)
        if not layer.only_training
    }
    return layers if run.spec.data.kind == "text" else {INPUT: "input, before any layer", **layers}


def _usual_layer(model: ModelSpec) -> str:
    """What the last layer gets to see: the layer before it that is no regularisation, or else the last one."""
    names = [
        name for name, layer in zip(model.layer_names(), model.layers, strict=True)
        if not layer.only_training
    ]  # fmt: skip
    return names[-2] if len(names) > 1 else names[-1]


def spread_numbers(model: ModelSpec, layer: str, samples: int, wanted: int) -> NDArray[np.intp]:
    """Positions of the test samples that are shown, evenly spread.

    Args:
        model: a stack that works.
        layer: a name, or `INPUT`. The wider it is, the fewer samples a worker has room for.
        samples: of the test part.
        wanted: how many.
    """
    shape = model.input_shape if layer == INPUT else model.shapes()[model.layer_names().index(layer)]
    most = max(2, MOST_NUMBERS // int(np.prod(shape)))
    return np.linspace(0, samples - 1, min(wanted, samples, most)).astype(np.intp)


def _plot(drawn: Drawn, layout: Layout, layer: str, lasso: bool) -> list[int]:
    """Draw the samples; the numbers of those that a person has marked."""
    names = drawn.run.spec.data.class_names
    known = {int(number) for number in drawn.numbers}
    figure = space(
        layout.places, drawn.numbers, drawn.true, drawn.said, names, layout.ranges,
        chosen=_SAMPLE.shown(0, len(test_part(drawn.run)) - 1), axes=layout.axes,
        colours=IN_THE_PLANE if drawn.run.spec.data.kind == "points" else CLASSES, lasso=lasso,
    )  # fmt: skip
    told = st.plotly_chart(
        figure, key=_PLOT.name, on_select=partial(_pick, known), selection_mode=("points", "lasso"),
        alt=describe_space(drawn.true, drawn.said, names, layer), config={"displayModeBar": False},
    )  # fmt: skip
    _shown_where_pointed(drawn)
    beyond = outside(layout.places, layout.ranges)
    if beyond:
        st.caption(lessons.text("inside.space_outside", count=f"{beyond:,}"))
    return _marked(told, known)


def _shown_where_pointed(drawn: Drawn) -> None:
    """Let an image be seen where its place is pointed at."""
    if drawn.run.spec.data.kind != "images":
        return
    sheet, (height, width) = sprite_sheet(test_part(drawn.run).x[drawn.numbers], _SHEET_COLUMNS, _SHEET_SIDE)
    data = {
        "within": ".st-key-space_box", "sheet": sheet, "columns": _SHEET_COLUMNS,
        "rows": -(-len(drawn.numbers) // _SHEET_COLUMNS), "width": width, "height": height,
        "numbers": drawn.numbers.tolist(),
    }  # fmt: skip
    component("pointed_at")(key="space_pointed", data=whole(data), width="content", height=1)


def _marked(told: Any, known: set[int]) -> list[int]:
    """The numbers that a selection tells. A browser may send anything: they must be of samples that are shown."""
    points = [] if told is None else told.get("selection", {}).get("points", [])
    found = [_number_of(point, known) for point in points if isinstance(point, dict)]
    return list(dict.fromkeys(number for number in found if number is not None))


def _number_of(point: dict[str, Any], known: set[int]) -> int | None:
    match point.get("customdata"):
        case [int(number), *_] | {"0": int(number)} if not isinstance(number, bool) and number in known:
            return number
    return None


def _pick(known: set[int]) -> None:
    """Show the sample that was clicked."""
    marked = _marked(_PLOT.get(), known)
    if len(marked) == 1:
        Key(_SAMPLE.key, 0).set(marked[0])


def _mistakes_first(drawn: Drawn, marked: list[int]) -> list[int]:
    """The marked samples, those first that the network gets wrong; where it predicts a number, by how far it is off."""
    off = np.abs(drawn.true - drawn.said) if drawn.run.spec.regression else drawn.true != drawn.said
    worse = dict(zip(drawn.numbers.tolist(), off.tolist(), strict=True))
    return sorted(marked, key=lambda number: (-worse[number], number))


def _picked(drawn: Drawn, marked: list[int], samples: int) -> None:
    """Show the samples that are marked, or the one whose number is chosen."""
    kind = drawn.run.spec.data.kind
    noun = words.sample(kind)
    number = _SAMPLE.field(f"Test {noun}, 0 to {samples - 1:,}", 0, samples - 1, help=lessons.text("inside.space_pick"))
    most = _SHOWN if kind == "images" else _TEXTS_SHOWN
    if len(marked) > 1:
        st.caption(lessons.text("inside.space_marked", count=f"{len(marked):,}", shown=min(most, len(marked))))
    rows = {int(each): row for row, each in enumerate(drawn.numbers)}
    shown = [each for each in (marked[:most] if len(marked) > 1 else [number]) if each in rows]
    if not shown:
        st.caption(lessons.text("inside.space_not_shown", noun=noun, number=f"{number:,}"))
        return
    with st.container(key="space_cards_box"):
        if drawn.run.spec.regression:
            _numbers_told(drawn, {each: rows[each] for each in shown})
            return
        told = [card(drawn.run, each, int(drawn.true[rows[each]]), drawn.answers[rows[each]]) for each in shown]
        wanted = [each for each in cards(told, drawn.run.spec.data.class_names, "space_cards") if each in rows]
    if wanted:
        _look_at(wanted[0])
        st.rerun()


def _numbers_told(drawn: Drawn, rows: dict[int, int]) -> None:
    told = [[str(each), f"{drawn.true[row]:.4f}", f"{drawn.said[row]:.4f}"] for each, row in rows.items()]
    st.markdown(words.table(["no.", "is", "predicted"], told))
    first = next(iter(rows))
    noun = words.sample(drawn.run.spec.data.kind)
    if st.button(f"Look inside with {noun} {first}", key="space_look", on_click=_look_at, args=(first,)):
        st.rerun()


def _look_at(number: int) -> None:
    LOOKED_AT.set(number)
