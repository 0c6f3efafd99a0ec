"""All tasks, by the file stem of their page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lib.specs.tasks.activations import TASKS as ACTIVATIONS
from lib.specs.tasks.attention import TASKS as ATTENTION
from lib.specs.tasks.backpropagation import TASKS as BACKPROPAGATION
from lib.specs.tasks.convolution import TASKS as CONVOLUTION
from lib.specs.tasks.flattening import TASKS as FLATTENING
from lib.specs.tasks.gradient_descent import TASKS as GRADIENT_DESCENT
from lib.specs.tasks.images import TASKS as IMAGES
from lib.specs.tasks.overfitting import TASKS as OVERFITTING
from lib.specs.tasks.pooling import TASKS as POOLING
from lib.specs.tasks.sequences import TASKS as SEQUENCES
from lib.specs.tasks.task import Task

TASKS: Mapping[str, tuple[Task, ...]] = {
    "images": IMAGES,
    "convolution": CONVOLUTION,
    "pooling": POOLING,
    "flattening": FLATTENING,
    "activations": ACTIVATIONS,
    "gradient_descent": GRADIENT_DESCENT,
    "backpropagation": BACKPROPAGATION,
    "overfitting": OVERFITTING,
    "sequences": SEQUENCES,
    "attention": ATTENTION,
}
"""In the order of the navigation."""

SIGHTINGS: frozenset[str] = frozenset(
    sighting.text for tasks in TASKS.values() for task in tasks for sighting in task.sightings
)
"""The names of all sightings."""
COUNT = sum(map(len, TASKS.values()))
"""How many tasks there are."""


def done(seen: Iterable[str]) -> int:
    """How many of all tasks are done.

    Args:
        seen: names of the sightings that somebody has had.

    >>> done([]), done(["pooling.task_1_hidden", "pooling.task_1_moved"])
    (0, 1)
    """
    known = frozenset(seen)
    return sum(task.done(known) for tasks in TASKS.values() for task in tasks)
