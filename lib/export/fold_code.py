"""The lines of an exported script that set one fold aside: with scikit-learn, whose folds are those of LayerLab."""

from __future__ import annotations

from lib.data.preparing import SPLIT_SEED
from lib.specs.run import RunSpec


def splitter(run: RunSpec) -> str:
    """Name of the class in `sklearn.model_selection` that deals the samples to the folds."""
    return "KFold" if run.regression else "StratifiedKFold"


def fold_lines(run: RunSpec, x: str = "x", y: str = "y") -> list[str]:
    """Lines that make `rest` and `held_out`: positions of what is trained on, and of the validation part.

    Args:
        run: one with folds.
        x, y: what the samples and their labels are called there.

    >>> from lib.specs.codec import from_query
    >>> fold_lines(from_query({"dataset": "wine", "folds": "5", "fold": "2"}))[0]
    'folds = StratifiedKFold(5, shuffle=True, random_state=0)'
    """
    data = run.data
    return [
        f"folds = {splitter(run)}({data.folds}, shuffle=True, random_state={SPLIT_SEED})",
        f"rest, held_out = list(folds.split({x}, {y}))[{data.fold - 1}]  # fold {data.fold} of {data.folds}",
    ]


def cut_lines(run: RunSpec) -> list[str]:
    """Lines that take the validation part `x_val`, `y_val` out of `x_train`, `y_train`; none without folds."""
    if not run.data.folds:
        return []
    return [
        *fold_lines(run, "x_train", "y_train"),
        "x_train, y_train, x_val, y_val = x_train[rest], y_train[rest], x_train[held_out], y_train[held_out]",
    ]
