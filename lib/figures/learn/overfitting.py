"""Pictures of overfitting: a fit through points, errors by degree, curves of real trainings, and losses by width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from lib.concepts.fitting import Points, predict, truth
from lib.data.fitted.saved_curves import SavedRun
from lib.figures.base.colours import (
    BELOW,
    FAINT,
    FITTING,
    GREEN,
    GREY,
    TRAINING,
    VALIDATION,
    plain_layout,
    room,
    with_alpha,
)

SMALLEST_ERROR = 1e-3
"""Where the axis of errors begins; what is smaller is drawn there."""
LARGEST_ERROR = 1e3
_FAINT_GREY = with_alpha(GREY, 0.8)
_X = np.linspace(-1, 1, 161)
_AXIS: dict[str, Any] = {"gridcolor": FAINT, "zeroline": False, **FITTING}


def polynomial_fit(weights: NDArray[np.float64], train: Points, validation: Points) -> go.Figure:
    """The fitted curve with the points it was fitted to, points it has not seen, and the rule behind both."""
    unseen = {"symbol": "diamond-open", "size": 6, "color": with_alpha(VALIDATION, 0.6)}
    learned = {"size": 11, "color": TRAINING, "line": {"color": "white", "width": 1.5}}
    traces = [
        _line(_X, truth(_X), GREY, "rule", dash="dot", width=2),
        _points(validation, "validation", unseen),
        _line(_X, predict(weights, _X), GREEN, "fit", width=3),
        _points(train, "training", learned),
    ]
    xaxis = _AXIS | {"range": [-1.04, 1.04], "title": {"text": "x"}}
    yaxis = _AXIS | {"range": [-2.6, 2.6]}
    return go.Figure(traces, plain_layout(360, margin=room(l=29, b=BELOW), xaxis=xaxis, yaxis=yaxis))


def describe_fit(degree: int, training: float, validation: float) -> str:
    """The alt text of `polynomial_fit`."""
    return f"A polynomial of degree {degree}: training error {training:.3g}, validation error {validation:.3g}."


def errors_over_degree(errors: NDArray[np.float64], degree: int) -> go.Figure:
    """Training and validation error by degree, on a logarithmic scale; the chosen degree is marked.

    Args:
        errors: as `lib.concepts.fitting.errors_by_degree` gives them; below 0.001 or above 1,000 they lie on the edge,
            and the hover says what they are.
        degree: the chosen one.
    """
    kinds = (("training", TRAINING, "circle", "solid"), ("validation", VALIDATION, "diamond", "dash"))
    traces = [
        {"type": "scatter", "x": np.arange(len(row)), "y": np.clip(row, SMALLEST_ERROR, LARGEST_ERROR),
         "customdata": row, "mode": "lines+markers", "line": {"color": colour, "width": 2.4, "dash": dash},
         "marker": {"symbol": symbol, "size": [13 if place == degree else 6 for place in range(len(row))]},
         "hovertemplate": f"degree %{{x}}<br>{name} error %{{customdata:.3~g}}<extra></extra>"}
        for row, (name, colour, symbol, dash) in zip(errors, kinds, strict=True)
    ]  # fmt: skip
    layout = plain_layout(
        360,
        margin=room(l=75, t=13, b=BELOW),
        shapes=[_upright(degree, GREY)],
        xaxis=_AXIS | {"title": {"text": "degree"}, "dtick": 3},
        yaxis=_AXIS | {"type": "log", "range": [-3.15, 3.15], "dtick": 1, "title": {"text": "error"},
                       "exponentformat": "power"},
    )  # fmt: skip
    return go.Figure(traces, layout)


def describe_errors(errors: NDArray[np.float64]) -> str:
    """The alt text of `errors_over_degree`."""
    best = int(errors[1].argmin())
    return (
        f"Errors by degree: training from {errors[0, 0]:.3g} to {errors[0, -1]:.3g}; "
        f"validation lowest at degree {best} with {errors[1, best]:.3g}, {errors[1, -1]:.3g} at the end."
    )


def training_curves(run: SavedRun, plain: SavedRun) -> go.Figure:
    """Training and validation loss of one run by epoch, the plain run of the same width in grey behind.

    Where it is known, a dotted line shows the training loss that Keras tells.

    Args:
        run: a line marks the epoch whose weights are its result, unless it is the last.
        plain: the same width without a remedy; may be the run itself.
    """
    traces = [*_epochs(run, (TRAINING, VALIDATION), "", 2.8)]
    if plain is not run:
        traces = [*_epochs(plain, (_FAINT_GREY, _FAINT_GREY), "plain, ", 1.6), *traces]
    if run.running_loss:
        epochs = list(range(1, len(run.running_loss) + 1))
        traces.append(_line(epochs, run.running_loss, TRAINING, "training with dropout on", "dot", 2.2))
    layout = plain_layout(
        330,
        margin=room(l=66, r=13, b=BELOW),
        hovermode="x unified",
        shapes=[_upright(run.kept_epoch, GREEN)] if run.kept_epoch < len(run.loss) else [],
        xaxis=_AXIS | {"title": {"text": "epoch"}, "range": [0, len(plain.loss) + 1]},
        yaxis=_AXIS | {"title": {"text": "loss"}, "range": [0, 2.4]},
    )
    return go.Figure(traces, layout)


def describe_training(run: SavedRun) -> str:
    """The alt text of `training_curves`."""
    lowest = int(np.argmin(run.val_loss))
    told = f" With dropout on, training ends at {run.running_loss[-1]:.3f}." if run.running_loss else ""
    return (
        f"Loss by epoch: training from {run.loss[0]:.3f} to {run.loss[-1]:.3f}; validation lowest in epoch "
        f"{lowest + 1} with {run.val_loss[lowest]:.3f}, {run.val_loss[-1]:.3f} at the end.{told}"
    )


def loss_over_units(runs: Sequence[SavedRun], plain: Sequence[SavedRun], units: int) -> go.Figure:
    """Training and validation loss of the result by width of the hidden layer; without a remedy in grey.

    Args:
        runs: of one remedy, one for each width.
        plain: the same widths without a remedy; may be `runs` itself.
        units: the chosen width.
    """
    traces = [*_widths(runs, (TRAINING, VALIDATION), "", 2.8)]
    if plain is not runs:
        traces = [*_widths(plain, (_FAINT_GREY, _FAINT_GREY), "plain, ", 1.6), *traces]
    layout = plain_layout(
        330,
        hovermode="x unified",
        shapes=[_upright([run.units for run in runs].index(units), GREY)],
        xaxis=_AXIS | {"title": {"text": "units of the hidden layer"}, "type": "category"},
        yaxis=_AXIS | {"title": {"text": "loss of the result"}, "range": [0, 2]},
    )
    return go.Figure(traces, layout)


def describe_units(runs: Sequence[SavedRun]) -> str:
    """The alt text of `loss_over_units`."""
    told = (f"{run.units} units {run.result('loss'):.3f} and {run.result('val_loss'):.3f}" for run in runs)
    return "Training and validation loss of the result: " + "; ".join(told) + "."


def _line(x: Any, y: Any, colour: str, name: str, dash: str = "solid", width: float = 2.4) -> dict[str, Any]:
    return {
        "type": "scatter", "x": x, "y": y, "mode": "lines", "name": name,
        "line": {"color": colour, "width": width, "dash": dash}, "hovertemplate": f"{name} %{{y:.3f}}<extra></extra>",
    }  # fmt: skip


def _points(points: Points, name: str, marker: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "scatter", "x": points.x, "y": points.y, "mode": "markers", "marker": marker,
        "hovertemplate": f"{name} %{{x:.2f}}, %{{y:.2f}}<extra></extra>",
    }  # fmt: skip


def _upright(x: float, colour: str) -> dict[str, Any]:
    """A dotted line from bottom to top."""
    dotted = {"color": colour, "dash": "dot", "width": 1.8}
    return {"type": "line", "x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1, "line": dotted}


def _epochs(run: SavedRun, colours: tuple[str, str], prefix: str, width: float) -> Iterator[dict[str, Any]]:
    epochs = list(range(1, len(run.loss) + 1))
    yield _line(epochs, run.loss, colours[0], f"{prefix}training", "solid", width)
    yield _line(epochs, run.val_loss, colours[1], f"{prefix}validation", "dash", width)


def _widths(runs: Sequence[SavedRun], colours: tuple[str, str], prefix: str, width: float) -> Iterator[dict[str, Any]]:
    names = [str(run.units) for run in runs]
    yield _line(names, [run.result("loss") for run in runs], colours[0], f"{prefix}training", "solid", width)
    yield _line(names, [run.result("val_loss") for run in runs], colours[1], f"{prefix}validation", "dash", width)
