"""Learning curves. They are redrawn every second while a run is followed, so they are plain dicts, not Figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, Protocol

from lib.figures.base.colours import AGAIN, BY_BATCH, PREVIOUS, TRAINING, VALIDATION, with_alpha
from lib.figures.base.epochs import over_epochs

Panel = Literal["loss", "accuracy"]
MOST_POINTS = 500
MOST_MARKED = 60  # more markers than that run together


class Followed(Protocol):
    """What a run must have to be drawn; `lib.engine.runs.snapshot.RunSnapshot` has it, but lies a floor above this."""

    @property
    def spec(self) -> Any:
        """The `RunSpec`."""

    @property
    def epochs(self) -> int:
        """Epochs in all."""

    @property
    def batch_curve(self) -> Any:
        """`epoch`, `loss` and `accuracy` by batch."""

    @property
    def epoch_points(self) -> Sequence[Any]:
        """`epoch`, `loss`, `accuracy`, `val_loss` and `val_accuracy` of each epoch."""

    @property
    def inside(self) -> Sequence[Any]:
        """`epoch` and `loss` of each watched epoch: of training samples that were looked at again after it."""


def learning_curves(snapshot: Followed, previous: Followed | None = None, panel: Panel = "loss") -> dict[str, Any]:
    """Loss or accuracy over the epochs; training solid, validation dashed, the run before in grey behind.

    Where the inside was watched, the loss of training samples that were looked at again after an epoch is dotted.

    Args:
        snapshot: the run to draw; may have no points yet.
        previous: another run, for comparison.
        panel: which of the two.

    Returns:
        `{"data": [...], "layout": {...}}` for plotly, at most 500 points a trace. `layout.uirevision` is constant, so
        that a zoom outlives the next redraw.

    Raises:
        ValueError: there is no such panel.
    """
    if panel not in ("loss", "accuracy"):
        raise ValueError(f"panel must be 'loss' or 'accuracy', not {panel!r}")
    traces = [*_previous_traces(previous, panel), *_traces(snapshot, panel)]
    return {"data": traces, "layout": _layout(snapshot, panel)}


def _traces(run: Followed, panel: Panel) -> Iterable[dict[str, Any]]:
    curve, points = run.batch_curve, run.epoch_points
    by_batch = curve.loss if panel == "loss" else curve.accuracy
    yield _line(curve.epoch, by_batch, "training by batch", BY_BATCH, panel, width=1.2)
    epochs = [point.epoch for point in points]
    mean = [point.loss if panel == "loss" else point.accuracy for point in points]
    yield _line(epochs, mean, "training", TRAINING, panel, markers="circle")
    again = [(point.epoch, point.loss) for point in run.inside if point.loss is not None]
    if again and panel == "loss":
        x, y = zip(*again, strict=True)
        yield _line(x, y, "training again", AGAIN, panel, width=1.8, markers="square", dash="dot")
    held_back = _validation(run, panel)
    if held_back[0] or (run.spec.validation_samples() and not run.spec.data.validates_on_test):
        yield _line(*held_back, "validation", VALIDATION, panel, markers="diamond", dash="dash")


def _previous_traces(run: Followed | None, panel: Panel) -> Iterable[dict[str, Any]]:
    if run is None or (panel == "accuracy" and run.spec.regression):
        return
    x: Sequence[float] = [point.epoch for point in run.epoch_points]
    y: Sequence[float] = [point.loss if panel == "loss" else point.accuracy for point in run.epoch_points]
    if not x:  # it ended within its first epoch
        x, y = run.batch_curve.epoch, run.batch_curve.loss if panel == "loss" else run.batch_curve.accuracy
    yield _line(x, y, "run before", with_alpha(PREVIOUS, 0.75), panel, width=1.6) | {"legendrank": 2000}
    held_back = _validation(run, panel)
    if held_back[0]:
        yield _line(*held_back, "run before, validation", with_alpha(PREVIOUS, 0.75), panel, width=1.6, dash="dash") | {
            "showlegend": False
        }


def _validation(run: Followed, panel: Panel) -> tuple[list[float], list[float]]:
    """Epochs and values, where there was a validation part."""
    x: list[float] = []
    y: list[float] = []
    for point in run.epoch_points:
        value = point.val_loss if panel == "loss" else point.val_accuracy
        if value is not None:
            x.append(point.epoch)
            y.append(value)
    return x, y


def _line(
    x: Sequence[float],
    y: Sequence[float],
    name: str,
    colour: str,
    panel: Panel,
    width: float = 2.4,
    markers: str = "",
    dash: str = "solid",
) -> dict[str, Any]:
    x, y = thinned(x), thinned(y)
    number = "%{y:.4f}" if panel == "loss" else "%{y:.2%}"
    trace = {
        "type": "scatter",
        "mode": "lines+markers" if markers and len(x) <= MOST_MARKED else "lines",
        "name": name,
        "x": x,
        "y": y,
        "line": {"color": colour, "width": width, "dash": dash},
        "hovertemplate": f"epoch %{{x:.2~f}}<br>{name} {number}<extra></extra>",
    }
    if markers:
        trace["marker"] = {"symbol": markers, "size": 7, "color": colour}
    return trace


def thinned(values: Sequence[float], most: int = MOST_POINTS) -> list[float]:
    """At most so many of the values, evenly picked; first and last always stay.

    >>> thinned(range(10), most=4)
    [0, 3, 6, 9]
    """
    if len(values) <= most:
        return list(values)
    return [values[i * (len(values) - 1) // (most - 1)] for i in range(most)]


def _layout(run: Followed, panel: Panel) -> dict[str, Any]:
    accuracy = panel == "accuracy"
    epochs = max(run.epochs, 1)
    step = max(1, -(-epochs // (10 if epochs <= 100 else 5)))
    nothing_yet = not (run.batch_curve.epoch or run.epoch_points)
    y = {
        "tickformat": ".0%" if accuracy else "",
        "rangemode": "normal" if accuracy else "tozero",
        **({"range": [0, 1]} if nothing_yet else {}),
    }
    title = "Accuracy" if accuracy else "Loss"
    return over_epochs(title, 320, "curves", {"range": [0, epochs], "dtick": step}, y)


def describe_learning_curves(snapshot: Followed, previous: Followed | None = None, panel: Panel = "loss") -> str:
    """The alt text: where the curve began and where it stands, in numbers."""
    name = panel.capitalize()
    now = _standing(snapshot, panel)
    if not now:
        return f"{name} curve: no epoch finished yet of {snapshot.epochs}."
    text = f"{name} curve after {snapshot.epoch_points[-1].epoch} of {snapshot.epochs} epochs: {now}."
    before = _standing(previous, panel) if previous else ""
    return f"{text} The run before, in grey: {before}." if before else text


def _standing(run: Followed, panel: Panel) -> str:
    if not run.epoch_points or (panel == "accuracy" and run.spec.regression):
        return ""
    first, last = run.epoch_points[0], run.epoch_points[-1]
    form = "{:.4f}" if panel == "loss" else "{:.2%}"
    values = (first.loss, last.loss) if panel == "loss" else (first.accuracy, last.accuracy)
    text = f"training from {form.format(values[0])} to {form.format(values[1])}"
    held_back = _validation(run, panel)[1]
    if held_back:
        text += f", validation from {form.format(held_back[0])} to {form.format(held_back[-1])}"
    again = [point.loss for point in run.inside if point.loss is not None]
    if again and panel == "loss":
        text += f", the same training samples again from {again[0]:.4f} to {again[-1]:.4f}"
    return text
