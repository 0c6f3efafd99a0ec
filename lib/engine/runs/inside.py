"""What was seen inside a network while it trained, as a run keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lib import events
from lib.concepts.signals import Spread


@dataclass(frozen=True, slots=True)
class LayerInside:
    """One layer that learns, at the end of an epoch.

    Attributes:
        name: in the spec.
        gradient: length of the gradient of the epoch's last batch, before clipping; None where it was not measured.
        update: how far that batch's step moved the weights, as a share of their own length; None where it was not
            measured, or all weights were 0.
        dead: units that gave the same for all samples.
        units: how many there are; of maps each channel is one.
        weights, outputs: how they are spread; None where none of them is a number.
    """

    name: str
    gradient: float | None
    update: float | None
    dead: int
    units: int
    weights: Spread | None
    outputs: Spread | None


@dataclass(frozen=True, slots=True)
class InsidePoint:
    """A watched epoch; the fields are those of `lib.events.Inside`."""

    epoch: int
    loss: float | None
    samples: int
    part: str
    share: float
    layers: tuple[LayerInside, ...]


def inside_point(event: events.Inside) -> InsidePoint:
    """The event as a run keeps it.

    Raises:
        TypeError, ValueError, KeyError: what is stored of it is damaged.
    """
    layers = tuple(_layer(row) for row in event.layers)
    return InsidePoint(event.epoch, event.loss, event.samples, event.part, event.share, layers)


def _layer(row: Mapping[str, Any]) -> LayerInside:
    return LayerInside(**{**row, "weights": _spread(row["weights"]), "outputs": _spread(row["outputs"])})


def _spread(plain: Mapping[str, Any] | None) -> Spread | None:
    return None if plain is None else Spread(**plain)
