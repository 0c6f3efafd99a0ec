"""Tasks of the page Attention. It tells how the words look, what the network answers, and which word counts how."""

from __future__ import annotations

from lib.specs.tasks.task import Facts, Sighting, Task

SAME = 1e-4
"""A difference of two answers below this is rounding."""
_OTHER_ORDER = "The story is bad but the acting is good."
_DESPITE = "Despite the film's shortcomings, the stories are quietly moving."


def _looks(facts: Facts, **wanted: object) -> bool:
    """Whether the network does these things otherwise and all else as it was trained."""
    usual = {"causal": False, "uniform": False, "temperature": 1.0, "positions": True, "head_off": False}
    return all(facts[name] == value for name, value in {**usual, **wanted}.items())


def _moved(facts: Facts) -> float:
    """How far the other order of the page's own sentence moves the answer; nan for other words."""
    return float(abs(facts["praise"] - facts["praise_in_order"])) if facts["reordered"] else float("nan")


TASKS = (
    Task(
        "attention.task_1",
        {},
        (
            Sighting(
                "attention.task_1_turned",
                lambda f: _looks(f, causal=True) and f["praise"] > 0.5 > f["trained"],
                {"causal_mask": "true"},
            ),
        ),
    ),
    Task(
        "attention.task_2",
        {},
        (
            Sighting(
                "attention.task_2_cold",
                lambda f: _looks(f, temperature=0.2) and f["largest"] > 0.8,
                {"attention_temperature": "0.2"},
            ),
            Sighting(
                "attention.task_2_hot",
                lambda f: _looks(f, temperature=5.0) and f["words"] > 1 and f["largest"] < 2 / f["words"],
                {"attention_temperature": "5.0"},
            ),
        ),
    ),
    Task(
        "attention.task_3",
        {"places": "untold"},
        (
            Sighting(
                "attention.task_3_stays",
                lambda f: _looks(f, positions=False) and _moved(f) < SAME,
                {"places": "untold", "sentence": _OTHER_ORDER},
            ),
            Sighting(
                "attention.task_3_moves",
                lambda f: _looks(f) and _moved(f) > SAME,
                {"sentence": _OTHER_ORDER, "places": "told"},
            ),
        ),
    ),
    Task(
        "attention.task_4",
        {},
        (
            Sighting(
                "attention.task_4_apart",
                lambda f: _looks(f) and f["words"] > 1 and f["most"] != f["weightiest"],
                {"sentence": _DESPITE},
            ),
        ),
    ),
)
