"""Tasks of the page Overfitting. It tells the polynomial's settings, its errors, and which price of L2 is the best."""

from __future__ import annotations

from lib.specs.tasks.task import Facts, Sighting, Task


def _fits(facts: Facts, degree: int, points: int) -> bool:
    """Whether a polynomial of this degree is fitted to so many points, without a price."""
    return bool(facts["degree"] == degree and facts["points"] == points and facts["l2"] == 0)


TASKS = (
    Task(
        "overfitting.task_1",
        {"degree": "3"},
        (
            Sighting(
                "overfitting.task_1_through",
                lambda f: _fits(f, 11, 12) and f["training_error"] < 1e-6,
                {"degree": "11"},
            ),
            Sighting(
                "overfitting.task_1_other",
                lambda f: _fits(f, 11, 12) and f["seed"] >= 3,
                {"degree": "11", "fit_seed": "3"},
            ),
            Sighting(
                "overfitting.task_1_calm",
                # Not at once when the degree is changed: it takes other points at this degree, too.
                lambda f: _fits(f, 3, 12) and f["seed"] >= 6,
                {"degree": "3", "fit_seed": "6"},
            ),
        ),
    ),
    Task(
        "overfitting.task_2",
        {"degree": "11"},
        (
            Sighting(
                "overfitting.task_2_best",
                lambda f: f["degree"] == 11 and f["l2"] > 0 and f["l2"] == f["best_l2"],
                {"degree": "11", "l2": "0.01"},
            ),
        ),
    ),
    Task(
        "overfitting.task_3",
        {"degree": "11"},
        (
            Sighting(
                "overfitting.task_3_noise",
                lambda f: _fits(f, 11, 40) and f["training_error"] < f["noise"] < f["validation_error"],
                {"degree": "11", "fit_points": "40"},
            ),
        ),
    ),
)
