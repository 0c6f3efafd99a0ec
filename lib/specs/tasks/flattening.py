"""Tasks of the page Flatten, dense, softmax.

It tells where in the vector somebody looks, the picture, what the units say of it, and its softmax.
"""

from __future__ import annotations

from lib.specs.tasks.task import Facts, Sighting, Task

_TROUSER, _OTHER_TROUSER, _OTHER_NINE = "4", "70", "87"
"""Test images of the bundled parts. The units take the first trouser for a 3, as most, and the second one for an 8."""
_SURE = 0.8
"""The probability of a digit that the units read well is higher. That of a trouser hardly ever is."""
_AS_GIVEN = 0.659
"""The largest probability of the logits 2, 1 and 0.1."""


def _answers(facts: Facts, dataset: str, label: int, answer: int) -> bool:
    """Whether the units take a picture of this class for this digit."""
    return bool(facts["dataset"] == dataset and facts["label"] == label and facts["best"] == answer)


def _near(value: float, wanted: float) -> bool:
    return abs(value - wanted) < 1e-3


TASKS = (
    Task(
        "flattening.task_1",
        {"filters": "1"},
        (
            Sighting(
                # The vector's first number is row 0, column 0 of channel 0, and this one is its neighbour on the right.
                "flattening.task_1_apart",
                lambda f: f["apart"] == 4 == f["index"],
                {"filters": "4", "row": "0", "column": "4"},
            ),
        ),
    ),
    Task(
        "flattening.task_2",
        {"picture_number": "0", "unit": "9"},
        (
            Sighting(
                "flattening.task_2_misled",
                lambda f: _answers(f, "mnist", 9, 0) and f["unit"] == 0,
                {"picture_number": "0", "unit": "0"},
            ),
            Sighting(
                "flattening.task_2_right",
                lambda f: _answers(f, "mnist", 9, 9),
                {"picture_number": _OTHER_NINE, "unit": "9"},
            ),
        ),
    ),
    Task(
        "flattening.task_3",
        {"picture_dataset": "fashion_mnist"},
        (
            Sighting(
                "flattening.task_3_three",
                lambda f: _answers(f, "fashion_mnist", 1, 3),
                {"picture_dataset": "fashion_mnist", "picture_number": _TROUSER},
            ),
            Sighting(
                "flattening.task_3_other",
                lambda f: f["dataset"] == "fashion_mnist" and f["label"] == 1 and f["best"] != 3,
                {"picture_dataset": "fashion_mnist", "picture_number": _OTHER_TROUSER},
            ),
            Sighting(
                "flattening.task_3_digit",
                lambda f: f["dataset"] == "mnist" and f["best"] == f["label"] and f["share"] > _SURE,
                {"picture_dataset": "mnist", "picture_number": _OTHER_NINE},
            ),
        ),
    ),
    Task(
        "flattening.task_4",
        {"logits_from": "own"},
        (
            Sighting(
                "flattening.task_4_added",
                lambda f: f["logits_from"] == "own" and f["lowest"] > 50 and _near(f["largest_share"], _AS_GIVEN),
                {"logits_from": "own", "logits": "102, 101, 100.1"},
            ),
            Sighting(
                "flattening.task_4_multiplied",
                lambda f: f["logits_from"] == "own" and _near(f["spread"], 19) and f["temperature"] == 1,
                {"logits_from": "own", "logits": "20, 10, 1"},
            ),
            Sighting(
                "flattening.task_4_cold",
                lambda f: f["logits_from"] == "own" and _near(f["spread"], 1.9) and _near(f["temperature"], 0.1),
                {"logits_from": "own", "logits": "2, 1, 0.1", "temperature": "0.1"},
            ),
        ),
    ),
)
