"""Tasks of the page Gradient descent. It tells its settings, where each path leads, and who is down already."""

from __future__ import annotations

from lib.specs.tasks.task import Facts, Sighting, Task

_ALL = ("SGD", "momentum", "Nesterov", "RMSprop", "Adam")
_BOTH = ("SGD", "momentum")
_LEFT, _RIGHT = -1.0, 1.0
"""Beyond these x lie the two valleys of the surface with two minima."""


def _sgd_in_the_ravine(facts: Facts) -> bool:
    return bool(facts["surface"] == "ravine" and facts["optimizers"] == ("SGD",))


def _all_at_the_saddle(facts: Facts, start_y: float) -> bool:
    """Whether all five begin at the saddle, so far from its middle line, on either side."""
    far = abs(abs(facts["start_y"]) - start_y) < 1e-9
    return bool(facts["surface"] == "saddle" and set(facts["optimizers"]) == set(_ALL) and far)


def _under_way(facts: Facts) -> bool:
    """Whether the picture is stopped when RMSprop is down in a valley, and somebody else is not yet."""
    ahead = facts["first_down"] == "RMSprop" in facts["down"]
    return bool(ahead and len(facts["down"]) < len(_ALL))


def _two_minima(facts: Facts) -> bool:
    """Whether both go down there from its own start, at the rate that the task names."""
    own_start = facts["start_x"] == 3.5 and facts["start_y"] == 2.0
    return bool(facts["surface"] == "two_minima" and facts["rate"] == 0.05 and own_start)


TASKS = (
    Task(
        "gradient_descent.task_1",
        {"surface": "ravine", "optimizers": ("SGD",)},
        (
            Sighting(
                "gradient_descent.task_1_jumps",
                lambda f: _sgd_in_the_ravine(f) and abs(f["last_y_SGD"]) == abs(f["start_y"]) and f["turns_SGD"] > 9,
                {"surface": "ravine", "optimizers": ("SGD",), "rate": "0.5"},
            ),
            Sighting(
                "gradient_descent.task_1_leaves",
                lambda f: _sgd_in_the_ravine(f) and f["left_SGD"],
                {"surface": "ravine", "optimizers": ("SGD",), "rate": "0.7"},
            ),
        ),
    ),
    Task(
        "gradient_descent.task_2",
        {"surface": "saddle", "optimizers": _ALL, "start_y": "0.5"},
        (
            Sighting(
                "gradient_descent.task_2_line",
                lambda f: _all_at_the_saddle(f, 0) and f["widest"] == 0,
                {"surface": "saddle", "optimizers": _ALL, "start_y": "0"},
            ),
            Sighting(
                "gradient_descent.task_2_down",
                lambda f: _all_at_the_saddle(f, 0.1) and _under_way(f),
                {"surface": "saddle", "optimizers": _ALL, "start_y": "0.1", "step": "9"},
            ),
        ),
    ),
    Task(
        "gradient_descent.task_3",
        {"surface": "two_minima", "optimizers": ("SGD",), "rate": "0.05"},
        (
            Sighting(
                "gradient_descent.task_3_rolls",
                lambda f: _two_minima(f) and f["last_x_momentum"] < _LEFT and f["last_x_SGD"] > _RIGHT,
                {"surface": "two_minima", "optimizers": _BOTH, "rate": "0.05"},
            ),
            Sighting(
                "gradient_descent.task_3_stays",
                lambda f: _two_minima(f) and f["last_x_momentum"] > _RIGHT and f["last_x_SGD"] > _RIGHT,
                {"surface": "two_minima", "optimizers": _BOTH, "rate": "0.05", "share_kept": "0.7"},
            ),
        ),
    ),
)
