"""What a trained network makes of many samples: its layers' outputs, batch by batch, and what is counted over them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from lib.arrays import Arrays
from lib.concepts.metrics import class_shares, confusion_matrix
from lib.concepts.pca import Components, components
from lib.concepts.strongest import Strongest
from lib.concepts.strongest import strongest as strongest_of
from lib.data.parts import Part
from lib.data.preparing import prepare
from lib.specs.model import INPUT
from lib.specs.run import RunSpec
from lib.worker.build import build_run
from lib.worker.weights import set_weights

BATCH = 250
PARTS = 50
"""Principal components that t-SNE gets, as van der Maaten and Hinton (2008) chose."""

Values = NDArray[np.float32]
Span = tuple[int, int]
"""The first sample, and the one behind the last."""


class Network:
    """A run's network as it was after an epoch, with the run's samples.

    Args:
        run: what was trained.
        weights: by name; None for those that the run began with, which are drawn from its seed.

    Raises:
        DataError: the samples are not here.
    """

    def __init__(self, run: RunSpec, weights: Arrays | None) -> None:
        self.run = run
        self.data = prepare(run.data, run.training.validation_split)
        self._model = build_run(run)
        if weights is not None:
            set_weights(self._model, weights)

    def outputs(
        self, part: Part, numbers: NDArray[np.integer], layers: Sequence[str]
    ) -> Iterator[tuple[NDArray[np.integer], list[Values]]]:
        """What some layers give for some samples of a part.

        Args:
            part: of `data`.
            numbers: positions in it, `(samples,)`.
            layers: names in `ModelSpec.layer_names`.

        Yields:
            A batch's numbers, and its output of each layer, `(samples, *shape)`.
        """
        tapped = keras.Model(self._model.inputs[0], [self._model.get_layer(name).output for name in layers])
        for start in range(0, len(numbers), BATCH):
            here = numbers[start : start + BATCH]
            found = tapped(self.data.scaling.apply(part.x[here]), training=False)
            yield here, [keras.ops.convert_to_numpy(values) for values in keras.tree.flatten(found)]

    def answers(self, values: Values) -> Values:
        """The last layer's outputs with a number for each class, also where one unit answers for two."""
        return class_shares(values, self.run.binary)


def strongest(network: Network, layer: str, span: Span) -> dict[str, NDArray[Any]]:
    """The test samples that excite each filter of a layer most.

    Args:
        network: with its weights.
        layer: its name.
        span: of the test part.

    Returns:
        The fields of `lib.concepts.strongest.Strongest`.
    """
    found: Strongest | None = None
    for numbers, (values,) in network.outputs(network.data.test, _numbers(network.data.test, span), [layer]):
        here = strongest_of(values, numbers)
        found = here if found is None else found.joined(here)
    if found is None:
        raise ValueError(f"there are no test samples from {span[0]} on")
    return {"values": found.values, "numbers": found.numbers, "places": found.places}


def ranges(network: Network, layers: Sequence[str], span: Span) -> dict[str, Values]:
    """The lowest and the highest output of each unit: one that always gives the same is dead.

    Args:
        network: with its weights.
        layers: their names.
        span: of the validation part, or of the test part where a run has no validation samples.

    Returns:
        By layer `(2, units)`, over all places and samples; infinity and its opposite where there are no samples.
    """
    part = network.data.validation if len(network.data.validation) else network.data.test
    units = dict(zip(network.run.model.layer_names(), network.run.model.shapes(), strict=True))
    low, high = ({name: np.full(units[name][-1], end, np.float32) for name in layers} for end in (np.inf, -np.inf))
    for _, outputs in network.outputs(part, _numbers(part, span), layers):
        for name, values in zip(layers, outputs, strict=True):
            flat = values.reshape(-1, values.shape[-1])
            low[name], high[name] = np.minimum(low[name], flat.min(axis=0)), np.maximum(high[name], flat.max(axis=0))
    return {name: np.stack([low[name], high[name]]) for name in layers}


def confusion(network: Network, span: Span) -> NDArray[np.int64]:
    """How often each class was taken for each; see `lib.concepts.metrics.confusion_matrix`.

    Args:
        network: of a run with classes.
        span: of the test part.
    """
    test, run = network.data.test, network.run
    numbers = _numbers(test, span)
    last = [run.model.layer_names()[-1]]
    said = [network.answers(values).argmax(axis=1) for _, (values,) in network.outputs(test, numbers, last)]
    return confusion_matrix(test.y[numbers], np.concatenate(said), len(run.data.class_names))


def held_back(network: Network, span: Span) -> Values:
    """What a network says of samples that it has not learned from: those of its validation part.

    Args:
        network: of a run with classes.
        span: of the validation part.

    Returns:
        `(samples, classes)`.
    """
    part, last = network.data.validation, [network.run.model.layer_names()[-1]]
    rows = [network.answers(values) for _, (values,) in network.outputs(part, _numbers(part, span), last)]
    return np.concatenate(rows)


def places(
    network: Network,
    layer: str,
    numbers: NDArray[np.integer],
    mean: Values | None = None,
    axes: Values | None = None,
) -> dict[str, Values]:
    """Where test samples lie in the plane that a layer's outputs differ along most.

    Args:
        network: with its weights.
        layer: its name, or `INPUT` for what goes into the first one.
        numbers: of the test samples.
        mean, axes: of components that are known already; found anew where they are None.

    Returns:
        `places` `(samples, 2)` and the network's `answers` `(samples, outputs)`; where the components are new also
        their `mean`, `axes` and `shares`.

    Raises:
        ValueError: an output is not finite.
    """
    values, answers = _outputs(network, layer, numbers)
    if mean is not None and axes is not None:
        return {"places": Components(mean, axes, np.zeros(len(axes), np.float32)).places(values), "answers": answers}
    found = components(values)
    told = {"mean": found.mean, "axes": found.axes, "shares": found.shares}
    return {"places": found.places(values), "answers": answers, **told}


def parts(network: Network, layer: str, numbers: NDArray[np.integer]) -> dict[str, Values]:
    """The first principal components of a layer's outputs, from which t-SNE begins.

    Args:
        network, layer, numbers: see `places`.

    Returns:
        `parts` `(samples, 50)` and the network's `answers` `(samples, outputs)`.

    Raises:
        ValueError: an output is not finite.
    """
    values, answers = _outputs(network, layer, numbers)
    return {"parts": components(values, PARTS).places(values), "answers": answers}


def _outputs(network: Network, layer: str, numbers: NDArray[np.integer]) -> tuple[Values, Values]:
    """A layer's outputs as one row a sample, and the network's answers."""
    names, shapes, test = network.run.model.layer_names(), network.run.model.shapes(), network.data.test
    shape = network.run.model.input_shape if layer == INPUT else shapes[names.index(layer)]
    values = np.empty((len(numbers), math.prod(shape)), np.float32)
    answers, done = [], 0
    for here, (*found, last) in network.outputs(test, numbers, [names[-1] if layer == INPUT else layer, names[-1]]):
        seen = network.data.scaling.apply(test.x[here]) if layer == INPUT else found[0]
        values[done : done + len(here)] = seen.reshape(len(here), -1)
        answers.append(network.answers(last))
        done += len(here)
    return values, np.concatenate(answers)


def _numbers(part: Part, span: Span) -> NDArray[np.intp]:
    return np.arange(span[0], min(span[1], len(part)))


QUESTIONS: dict[str, Callable[..., Any]] = {
    "strongest": strongest, "ranges": ranges, "confusion": confusion, "held_back": held_back, "places": places,
    "parts": parts,
}  # fmt: skip
"""What may be asked, by name."""
