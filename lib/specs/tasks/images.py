"""Tasks of the page Images are numbers. It tells its open part, and what this part shows of the picture."""

from __future__ import annotations

from lib.specs.tasks.task import Sighting, Task

_SIX, _FROG = "21", "6"
"""Test images of the bundled parts: the first 6, the first frog."""

TASKS = (
    Task(
        "images.task_1",
        {"part": "pixels"},
        (
            Sighting(
                "images.task_1_grey",
                lambda f: f["part"] == "pixels" and f["pixel_grey"],
                {"part": "pixels", "row": "6", "column": "16"},
            ),
            Sighting(
                "images.task_1_frog",
                lambda f: f["part"] == "pixels" and f["pixel_not_green"],
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
                lambda f: f["part"] == "augmentation" and f["label"] == 6 and f["degrees"] == 180,
                {"part": "augmentation", "picture_number": _SIX, "rotation": "180"},
            ),
            Sighting(
                "images.task_3_others",
                lambda f: f["part"] == "augmentation" and f["label"] == 6 and f["degrees"] == 180 and f["drawn"] > 0,
                {"part": "augmentation", "picture_number": _SIX, "rotation": "180", "others": "1"},
            ),
        ),
    ),
)
