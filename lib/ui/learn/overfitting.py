"""The two parts of the page "Overfitting": a polynomial you fit, and a network's saved trainings."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from lib.concepts import fitting
from lib.data.fitted.saved_curves import SavedRun, about, saved_runs
from lib.figures.learn import overfitting as figures
from lib.ui.kit import lessons
from lib.ui.kit.choice import Choice
from lib.ui.kit.fragment import fragment
from lib.ui.kit.question_note import ask
from lib.ui.kit.whole_number import WholeNumber
from lib.ui.learn import page, tasks

MOST_DEGREE = 15
VALIDATION_POINTS = 60
VALIDATION_SEED = 10_000
_PRICES = (0.0, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0)
_CONFIG: dict[str, Any] = {"displayModeBar": False}
_REMEDY = Choice(
    "remedy",
    {
        "plain": "nothing",
        "dropout": "dropout",
        "l2": "L2",
        "early_stopping": "early stopping",
        "more_data": "more data",
    },
    "plain",
)
_ASKED = {
    "plain": ("is_it_overfitting", "both_rise", "bigger"),
    "dropout": ("dropout_when_used", "lower_validation"),
    "l2": ("penalty",),
    "early_stopping": ("how_many_epochs",),
    "more_data": ("how_many_images",),
}
"""The questions that arise at each remedy."""
_SEED = WholeNumber("fit_seed", 1)
_LEGEND = ":blue[● training] &ensp; :orange[◆ validation]"


@fragment
def polynomial() -> None:
    """A person chooses a degree, sees the curve bend, and sees its errors at points that it has not learned from."""
    first, second, third = st.columns(3)
    degree = first.slider("Degree", 0, MOST_DEGREE, 3, key="degree", bind="query-params")
    points = second.slider("Training points", 5, 40, 12, key="fit_points", bind="query-params")
    noise = third.slider("Noise", 0.0, 1.0, 0.3, 0.05, key="fit_noise", bind="query-params")
    first, second, _ = st.columns(3)
    l2 = first.select_slider("L2", _PRICES, 0.0, key="l2", format_func=lambda price: f"{price:g}", bind="query-params")
    with second:
        seed = _SEED.field("Seed: other points", 0, 9_999)
    train = fitting.measure(points, noise, seed)
    validation = fitting.measure(VALIDATION_POINTS, noise, seed + VALIDATION_SEED)
    weights = fitting.fit(train, degree, l2)
    errors = fitting.errors_by_degree(train, validation, MOST_DEGREE, l2)
    training, held_back = map(float, errors[:, degree])
    st.markdown(f"{_LEGEND} &ensp; :green[━ fit] &ensp; :gray[┅ the rule behind]")
    left, right = st.columns(2)
    left.plotly_chart(
        figures.polynomial_fit(weights, train, validation),
        key="fit",
        alt=figures.describe_fit(degree, training, held_back),
        config=_CONFIG,
    )
    right.plotly_chart(
        figures.errors_over_degree(errors, degree), key="errors", alt=figures.describe_errors(errors), config=_CONFIG
    )
    with page.formula():
        st.markdown(_fit_lines(weights, points, errors, degree))
        if degree + 1 > points and not l2:
            lessons.show("overfitting.more_weights")
    tasks.tell(
        degree=degree, points=points, noise=noise, seed=seed, l2=l2, training_error=training,
        validation_error=held_back, best_l2=_best_price(train, validation, degree),
    )  # fmt: skip


def _best_price(train: fitting.Points, validation: fitting.Points, degree: int) -> float:
    """The price with the lowest validation error."""
    return min(_PRICES, key=lambda price: fitting.error(fitting.fit(train, degree, price), validation))


def _fit_lines(weights: fitting.Values, points: int, errors: fitting.Values, degree: int) -> str:
    terms = " + ".join(f"{weight:.3g}*P{place}" for place, weight in enumerate(weights[:4]))
    best = int(errors[1].argmin())
    return "  \n".join(
        [
            f"**fit** `{terms}{' + ...' if len(weights) > 4 else ''}`: {degree} + 1 = {degree + 1} weights "
            f"for {points} points",
            f"**size of the weights** `sum of squares = {np.sum(np.square(weights[1:])):.3g}` (P0 left out)",
            f"**error** `sqrt(mean((fit - y)²))`: training `{errors[0, degree]:.3g}`, "
            f"validation `{errors[1, degree]:.3g}`; the lowest, `{errors[1, best]:.3g}`, is at degree {best}",
        ]
    )


@fragment
def network() -> None:
    """A person chooses a width and a remedy, and sees the curves of that training beside those without the remedy."""
    facts = about()
    lessons.show("overfitting.network", **facts)
    runs = saved_runs()
    widths = sorted({units for _, units in runs})
    left, right = st.columns(2)
    units = left.select_slider("Units of the hidden layer", widths, widths[-1], key="units", bind="query-params")
    with right:
        remedy = _REMEDY.segments("Against overfitting")
    run, plain = runs[remedy, units], runs["plain", units]
    all_plain = [runs["plain", each] for each in widths]
    of_remedy = all_plain if remedy == "plain" else [runs[remedy, each] for each in widths]
    told = " &ensp; :blue[┅ training with dropout on]" if run.running_loss else ""
    st.markdown(f":blue[━ training]{told} &ensp; :orange[╍ validation] &ensp; :gray[━ without a remedy]")
    left, right = st.columns(2)
    left.plotly_chart(
        figures.training_curves(run, plain), key="training", alt=figures.describe_training(run), config=_CONFIG
    )
    right.plotly_chart(
        figures.loss_over_units(of_remedy, all_plain, units),
        key="widths",
        alt=figures.describe_units(of_remedy),
        config=_CONFIG,
    )
    with st.container(key="network_numbers", border=True):
        st.markdown(_network_lines(run, plain))
        lessons.show(f"overfitting.{remedy}", **facts | {"kept": run.kept_epoch, "epochs": len(run.loss)})
    ask(*_ASKED[remedy])


def _network_lines(run: SavedRun, plain: SavedRun) -> str:
    lines = [
        f"**{run.parameters:,} parameters**: `(784 + 1) * {run.units} + ({run.units} + 1) * 10`",
        f"**loss** training `{run.result('loss'):.3f}`, validation `{run.result('val_loss'):.3f}`",
        f"**accuracy** training `{run.result('accuracy'):.1%}`, validation `{run.result('val_accuracy'):.1%}`",
    ]
    if run is not plain:
        if run.running_loss:
            lines[1] += f", training with dropout on `{run.running_loss[-1]:.3f}`"
        lines[1] += f" (without a remedy `{plain.result('loss'):.3f}` and `{plain.result('val_loss'):.3f}`)"
        lines[2] += f" (without a remedy `{plain.result('accuracy'):.1%}` and `{plain.result('val_accuracy'):.1%}`)"
    return "  \n".join(lines)
