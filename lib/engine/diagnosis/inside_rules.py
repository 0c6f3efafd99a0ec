"""Rules on what was watched inside a training. An epoch that was not watched is judged by the newest one that was.

All of them are silent about runs whose inside nobody watched.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median_low

from lib.engine.diagnosis.so_far import Evidence, SoFar
from lib.engine.runs.inside import LayerInside
from lib.specs.layers.base import Family

LARGE_STEP, SMALL_STEP = 0.1, 1e-4
DEAD, ENOUGH_SAMPLES = 0.5, 100
VANISHING = 0.01
EXPLODING = 50.0
WATCHED_EPOCH = "watched_epoch"
"""Name of the epoch in evidence that rests on what was watched."""


def large_steps(run: SoFar) -> Evidence | None:
    """In most layers one step changes the weights by more than a tenth of their own length.

    Karpathy's course notes (CS231n, "Neural Networks Part 3", ratio of weights and updates) call a ratio of about 1e-3
    good, and a higher one a sign of a learning rate that may be too high. That a hundred times as much in more than
    half of the layers is too much is our own threshold. One layer alone is not judged: where a straight line can find
    nothing, its weights stay near 0, and every step is large beside them.
    """
    measured = _measured(run, lambda layer: layer.update)
    if len(measured) < 2 or median_low(measured.values()) <= LARGE_STEP:
        return None
    layer = max(measured, key=measured.__getitem__)
    return {"layer": layer, "update": measured[layer], "rate": run.now.learning_rate, **_watched_at(run)}


def small_steps(run: SoFar) -> Evidence | None:
    """In every layer one step changes the weights by less than 1e-4 of their own length: a tenth of what is good.

    Source as for `large_steps`; there a lower ratio is a sign of a learning rate that may be too low.
    """
    measured = _measured(run, lambda layer: layer.update)
    if not measured or max(measured.values()) >= SMALL_STEP:
        return None
    layer = max(measured, key=measured.__getitem__)
    return {"layer": layer, "update": measured[layer], **_watched_at(run)}


def dead_relus(run: SoFar) -> Evidence | None:
    """Half or more of a layer's ReLU units give 0 for every sample.

    CS231n ("Neural Networks Part 1", ReLU) tells of as much as 40% of a network that can be dead where the learning
    rate is too high. The threshold is our own: early in their training healthy recipes have up to a quarter, which the
    chart tells without a warning. Among fewer than 100 samples a unit that seldom answers looks dead, too, so these are
    not judged.
    """
    point = run.watched
    if point is None or point.samples < ENOUGH_SAMPLES:
        return None
    relus = {row.name for row in run.spec.model.trace if getattr(row.layer, "activation", "") == "relu"}
    layers = [layer for layer in point.layers if layer.name in relus]
    worst = max(layers, key=lambda layer: layer.dead / layer.units, default=None)
    if worst is None or worst.dead < DEAD * worst.units:
        return None
    return {
        "layer": worst.name, "dead": worst.dead, "units": worst.units, "dead_share": worst.dead / worst.units,
        "samples": point.samples, "part": point.part, **_watched_at(run),
    }  # fmt: skip


def vanishing_gradients(run: SoFar) -> Evidence | None:
    """The first layer's gradient is less than a hundredth as long as the last one's, and little was learned so far.

    Glorot and Bengio (Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010) show
    gradients of sigmoid networks that shrink from layer to layer on their way back. The threshold is our own, as is
    that the loss must still be above half of what knowing nothing costs. Layers that only normalise do not count.
    """
    lengths = _lengths(run)
    if len(lengths) < 2 or run.chance_loss is None or run.now.loss < run.chance_loss / 2:
        return None
    (first, shortest), *_, (last, longest) = lengths.items()
    if shortest >= VANISHING * longest:
        return None
    return {
        "layer": first, "gradient": shortest, "last_layer": last, "last_gradient": longest, **_watched_at(run),
    }  # fmt: skip


def exploding_gradients(run: SoFar) -> Evidence | None:
    """A layer's gradient is more than fifty times as long as knowing nothing costs.

    Pascanu, Mikolov and Bengio (On the difficulty of training recurrent neural networks, ICML 2013) describe gradients
    that grow on their way back, and shorten those above a limit. The limit here is our own; healthy recipes stay below
    a tenth of it. It is measured by the loss, so that the unit of a predicted number does not count.
    """
    lengths = _measured(run, lambda layer: layer.gradient)
    if not lengths or run.chance_loss is None:
        return None
    layer = max(lengths, key=lengths.__getitem__)
    most = EXPLODING * run.chance_loss
    if lengths[layer] <= most:
        return None
    return {"layer": layer, "gradient": lengths[layer], "limit": most, **_watched_at(run)}


def _watched_at(run: SoFar) -> Evidence:
    """The epoch at which the evidence was seen: an earlier one than the newest where that was not watched."""
    return {} if run.watched is None else {WATCHED_EPOCH: run.watched.epoch}


def _measured(run: SoFar, value: Callable[[LayerInside], float | None]) -> dict[str, float]:
    """A number of each layer where it was measured."""
    layers = () if run.watched is None else run.watched.layers
    found = {layer.name: value(layer) for layer in layers}
    return {name: number for name, number in found.items() if number is not None}


def _lengths(run: SoFar) -> dict[str, float]:
    """Lengths of the gradients of layers that are more than a normalisation, first to last."""
    families = {row.name: row.layer.family for row in run.spec.model.trace}
    lengths = _measured(run, lambda layer: layer.gradient)
    return {name: each for name, each in lengths.items() if families.get(name) is not Family.NORMALIZATION}
