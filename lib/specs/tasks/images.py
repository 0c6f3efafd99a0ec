"""Tasks of the page Images are numbers. It tells its open part, and what this part shows of the picture."""

from __future__ import annotations

from lib.specs.tasks.task import Facts, Sighting, Task

_SIX, _FROG = "21", "6"
"""Test images of the bundled parts: the first 6, the first frog."""
_FROGS = 6
"""The class of frogs in CIFAR-10."""


def _turned_six(facts: Facts) -> bool:
    """Whether variants of a 6 are turned by up to half a turn either way."""
    digit = facts["part"] == "augmentation" and facts["dataset"] == "mnist" and facts["label"] == 6
    return bool(digit and facts["degrees"] == 180)


TASKS = (
    Task(
        "images.task_1",
        {"part": "pixels"},
        (
            Sighting(
                "images.task_1_grey",
                # Clothes have no strokes. What somebody has drawn has no dataset.
                lambda f: f["part"] == "pixels" and f["dataset"] != "fashion_mnist" and f["pixel_grey"],
                {"part": "pixels", "row": "6", "column": "16"},
            ),
            Sighting(
                "images.task_1_frog",
                lambda f: (
                    f["part"] == "pixels"
                    and f["dataset"] == "cifar10"
                    and f["label"] == _FROGS
                    and f["pixel_not_green"]
                ),
                {"part": "pixels", "picture_dataset": "cifar10", "picture_number": _FROG, "row": "8", "column": "20"},
            ),
        ),
    ),
    Task(
        "images.task_2",
        {"part": "scaling"},
        (
            Sighting(
                "images.task_2_unit",
                lambda f: f["part"] == "scaling" and f["scale"] == "unit",
                {"part": "scaling", "scale": "unit"},
            ),
            Sighting(
                "images.task_2_black",
                lambda f: f["part"] == "scaling" and f["scale"] == "standard" and f["black"] < 0,
                {"part": "scaling", "scale": "standard"},
            ),
        ),
    ),
    Task(
        "images.task_3",
        {"part": "augmentation", "picture_number": _SIX},
        (
            Sighting(
                "images.task_3_turned",
                _turned_six,
                {"part": "augmentation", "picture_number": _SIX, "rotation": "180"},
            ),
            Sighting(
                "images.task_3_others",
                lambda f: _turned_six(f) and f["drawn"] > 0,
                {"part": "augmentation", "picture_number": _SIX, "rotation": "180", "others": "1"},
            ),
        ),
    ),
)
