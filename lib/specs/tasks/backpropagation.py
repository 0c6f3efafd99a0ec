"""Tasks of the page Backpropagation. It tells its network, some derivatives, and what the steps did to the loss."""

from __future__ import annotations

from lib.specs.tasks.task import Facts, Sighting, Task

_FLAT = 1e-3
"""A derivative below this is nearly 0."""
_AFTER_THREE = {
    "w11": "0.341444", "w21": "-0.220722", "b1": "-0.058556", "w12": "-0.278207", "w22": "0.739104", "b2": "0.121793",
    "v1": "0.487366", "v2": "-0.369035", "c": "-0.177559",
}  # fmt: skip
"""The network as it is after three steps at a rate of 0.1."""
_AFTER_TWO = {
    "w11": "-0.690981", "w21": "0.295491", "b1": "-1.090981", "w12": "1.074398", "w22": "0.062801", "b2": "1.474398",
    "v1": "-2.052661", "v2": "1.893442", "c": "-0.179719",
}  # fmt: skip
"""And after two steps at a rate of 1."""


def _stepped(facts: Facts, rate: float, least: int) -> bool:
    return bool(facts["rate"] == rate and facts["taken"] >= least)


TASKS = (
    Task(
        "backpropagation.task_1",
        {"derivative": "w11"},
        (
            Sighting(
                "backpropagation.task_1_flat",
                lambda f: (
                    f["derivative"] == "w11"
                    and f["activation"] == "tanh"
                    and f["b1"] >= 3
                    and abs(f["slope_w11"]) < _FLAT < abs(f["slope_h1"])
                ),
                {"derivative": "w11", "b1": "5"},
            ),
        ),
    ),
    Task(
        "backpropagation.task_2",
        {"derivative": "v2"},
        (
            Sighting(
                "backpropagation.task_2_zero",
                lambda f: f["v2"] == 0 and f["slope_w12"] == f["slope_w22"] == f["slope_b2"] == 0 != f["slope_v2"],
                {"derivative": "v2", "v2": "0"},
            ),
        ),
    ),
    Task(
        "backpropagation.task_3",
        {"step_rate": "0.1"},
        (
            Sighting(
                "backpropagation.task_3_falls",
                lambda f: _stepped(f, 0.1, 3) and f["loss"] < f["loss_before"],
                {**_AFTER_THREE, "step_rate": "0.1", "before": "9.372154258e-02", "taken": "3"},
            ),
            Sighting(
                "backpropagation.task_3_rises",
                lambda f: _stepped(f, 1, 1) and f["loss"] > f["loss_before"],
                {**_AFTER_TWO, "step_rate": "1", "before": "7.278939336e-01", "taken": "2"},
            ),
        ),
    ),
)
