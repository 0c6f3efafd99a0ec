"""Which questions arise at a run's curves and at a layer: ids in `lib.ui.kit.question_entries.QUESTIONS`."""

from __future__ import annotations

from lib.engine.runs.snapshot import RunSnapshot
from lib.specs.layers.known import Dense, Dropout, Flatten, Recurrent
from lib.specs.layers.sliding import Conv
from lib.specs.model import LayerTrace

_MOST = 2
"""Questions below the curves: more would bury them."""
_CLEARLY = 1.05
"""A validation loss that is so many times its lowest value has turned round."""
_AS_GUESSING = 1.3
"""An accuracy below so many times that of guessing is one."""


def of_curves(run: RunSnapshot) -> tuple[str, ...]:
    """The questions that a run's newest epoch raises; none before its first."""
    if not run.epoch_points:
        return ()
    now, found = run.epoch_points[-1], []
    classes, training = len(run.spec.data.class_names), run.spec.training
    if now.epoch > 1 and now.accuracy is not None and now.accuracy * classes < _AS_GUESSING:
        found.append("stays_at_ten")
    if now.val_loss is not None and now.val_loss < now.loss:
        found.append("lower_validation")
    found += _turned_round(run)
    if training.l1 or training.l2:
        found.append("penalty")
    return tuple(found[:_MOST])


def _turned_round(run: RunSnapshot) -> list[str]:
    """The question about a validation loss that rises while the training loss falls."""
    now = run.epoch_points[-1]
    measured = [(point.val_loss, point) for point in run.epoch_points if point.val_loss is not None]
    if now.val_loss is None or not measured:
        return []
    lowest, best = min(measured, key=lambda each: each[0])
    if now.val_loss < _CLEARLY * lowest or now.loss > best.loss:
        return []
    as_right = now.val_accuracy is not None and best.val_accuracy is not None and now.val_accuracy >= best.val_accuracy
    return ["both_rise" if as_right else "is_it_overfitting"]


def of_row(row: LayerTrace) -> tuple[str, ...]:
    """The question that a layer raises although nobody has opened it: a Dense layer that sees the last axis alone."""
    on_last_axis = isinstance(row.layer, Dense) and len(row.output_shape or ()) > 1
    return ("without_flatten",) if on_last_axis else ()


def of_layer(row: LayerTrace) -> tuple[str, ...]:
    """The questions that a layer raises when it is opened."""
    layer = row.layer
    if isinstance(layer, Flatten):
        return ("without_flatten",)
    if isinstance(layer, Dropout):
        return ("dropout_when_used",)
    if isinstance(layer, Recurrent):
        return ("units_and_steps", "return_sequences")
    if isinstance(layer, Conv):
        even = layer.padding == "same" and layer.kernel_size % 2 == 0
        return ("even_kernel",) if even else ("smaller_maps",)
    return ()
