"""Tasks of the page Activations and losses. It tells functions, slopes, products of a chain, and how losses pull."""

from __future__ import annotations

from lib.specs.tasks.task import Facts, Sighting, Task


def _chain_of(facts: Facts, name: str) -> bool:
    """Whether ten layers of one function alone are shown, at x = 1."""
    return bool(facts["functions"] == (name,) and facts["depth"] == 10 and facts["x"] == 1)


TASKS = (
    Task(
        "activations.task_1",
        {"functions": "sigmoid"},
        (
            Sighting(
                "activations.task_1_shrinks",
                lambda f: _chain_of(f, "sigmoid") and f["weight"] == 4 and f["product_sigmoid"] < 1e-6,
                {"functions": "sigmoid", "weight": "4"},
            ),
            Sighting(
                "activations.task_1_grows",
                lambda f: _chain_of(f, "relu") and f["product_relu"] == 1024,
                {"functions": "relu", "weight": "2"},
            ),
        ),
    ),
    Task(
        "activations.task_2",
        {"functions": ("relu", "leaky_relu")},
        (
            Sighting(
                "activations.task_2_dead",
                lambda f: (
                    {"relu", "leaky_relu"} <= set(f["functions"]) and f["slope_relu"] == 0 and f["slope_leaky_relu"] > 0
                ),
                {"functions": ("relu", "leaky_relu"), "x": "-2"},
            ),
        ),
    ),
    Task(
        "activations.task_3",
        {"truth": "1", "logit": "-6"},
        (
            Sighting(
                "activations.task_3_flat",
                lambda f: f["truth"] == 1 and abs(f["slope_crossentropy"]) > 0.99 and abs(f["slope_squared"]) < 1e-3,
                {"truth": "1", "logit": "-8"},
            ),
        ),
    ),
)
