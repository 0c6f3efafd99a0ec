"""The page Inside in tests: runs of each kind, what the page says, and waiting for what a worker computes for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from helpers.waiting import wait_until
from streamlit.testing.v1 import AppTest

T = TypeVar("T")
READING = {"dataset": "movies", "samples": "500", "vocabulary": "1000", "length": "20", "epochs": "1"}
KINDS = {
    "images": {
        "dataset": "mnist", "samples": "500", "epochs": "3", "learning_rate": "0.01",
        "layers": "Flatten;Dense(units=6,activation=relu);Dense(units=10,activation=softmax)",
    },
    "points": {
        "dataset": "points", "features": "x-y-x_squared", "epochs": "2", "loss": "binary_crossentropy",
        "layers": "Dense(units=4,activation=tanh);Dense(units=1,activation=sigmoid)",
    },
    "three points": {
        "dataset": "points", "points_kind": "three_classes", "epochs": "1",
        "layers": "Dense(units=3,activation=softmax)",
    },
    "regression": {
        "dataset": "points", "points_kind": "regression_plane", "epochs": "1", "loss": "mean_squared_error",
        "layers": "Dense(units=3,activation=relu);Dense(units=1,activation=linear)",
    },
    "table": {
        "dataset": "penguins", "scaling": "standard", "epochs": "2",
        "layers": "BatchNormalization;Dense(units=5,activation=relu);Dense(units=3,activation=softmax)",
    },
    "mean of words": {
        **READING, "loss": "binary_crossentropy",
        "layers": "Embedding(input_dim=1000,output_dim=4);GlobalAveragePooling1D;Dense(units=1,activation=sigmoid)",
    },
    "cell": {
        **READING, "layers": "Embedding(input_dim=1000,output_dim=4);LSTM(units=3);Dense(units=2,activation=softmax)",
    },
}  # fmt: skip
"""A small run of each kind, as an address asks for it."""


def prose(page: AppTest) -> str:
    """All that is written on the page."""
    return "\n".join(each.value for each in [*page.markdown, *page.caption, *page.warning, *page.info])


def drawn_until(page: AppTest, found: Callable[[], T]) -> T:
    """Draw the page again and again, until something is there."""

    def there() -> T | None:
        assert not page.exception
        value = found()
        if not value:
            page.run()
        return value

    return wait_until(there)
