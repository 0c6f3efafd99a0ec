"""Tasks of the page Pooling. It tells its pooling, what is moved and how far, and how much of the maps changes."""

from __future__ import annotations

from lib.specs.tasks.task import Facts, Sighting, Task

ROUNDING = 1e-6
"""A share below this is no change: a mean comes out a little different when its numbers are added in another order."""


def _hidden(facts: Facts) -> bool:
    """Something has moved, and the pooled map stays as it was."""
    return bool(facts["plain_share"] > 0 and facts["pooled_share"] < ROUNDING and facts["lit_before"])


def _windows(facts: Facts, pool_type: str, size: int, stride: int) -> bool:
    """Whether the page pools in this way."""
    return bool(facts["pool_type"] == pool_type and facts["pool_size"] == size and facts["stride"] == stride)


def _digit(facts: Facts, pool_type: str) -> bool:
    """Whether the page's picture is a digit, of the dataset or of one's own, and pooled in small steps."""
    return bool(facts["dataset"] in ("mnist", "") and _windows(facts, pool_type, 3, 1))


TASKS = (
    Task(
        "pooling.task_1",
        {"subject": "dot", "shift": "0"},
        (
            Sighting(
                "pooling.task_1_hidden",
                lambda f: f["subject"] == "dot" and _windows(f, "max", 2, 2) and _hidden(f),
                {"subject": "dot", "shift": "1"},
            ),
            Sighting(
                "pooling.task_1_moved",
                lambda f: f["subject"] == "dot" and _windows(f, "max", 2, 2) and f["pooled_share"] == 1,
                {"subject": "dot", "shift": "2"},
            ),
        ),
    ),
    Task(
        "pooling.task_2",
        {"subject": "stripes", "stride": "4", "shift": "0"},
        (
            Sighting(
                "pooling.task_2_out",
                lambda f: (
                    f["subject"] == "stripes"
                    and _windows(f, "max", 2, 4)
                    and f["lit_before"] > 0
                    and f["lit_after"] == 0
                ),
                {"subject": "stripes", "stride": "4", "shift": "2"},
            ),
            Sighting(
                "pooling.task_2_same",
                lambda f: f["subject"] == "stripes" and _windows(f, "average", 4, 4) and _hidden(f),
                {"subject": "stripes", "stride": "4", "shift": "1", "pool_size": "4", "pool_type": "average"},
            ),
        ),
    ),
    Task(
        "pooling.task_3",
        {"pool_size": "3", "stride": "1", "pool_type": "average"},
        (
            Sighting(
                "pooling.task_3_thin",
                lambda f: _digit(f, "min") and 0 < f["picture_lit_pooled"] < f["picture_lit"],
                {"pool_size": "3", "stride": "1", "pool_type": "min"},
            ),
            Sighting(
                "pooling.task_3_broad",
                lambda f: _digit(f, "max") and f["picture_lit_pooled"] > f["picture_lit"],
                {"pool_size": "3", "stride": "1", "pool_type": "max"},
            ),
        ),
    ),
)
