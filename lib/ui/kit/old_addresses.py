"""Labels that the addresses of LayerLab 0.2 and before held, where they now hold ids: such links still work."""

from __future__ import annotations

from collections.abc import Mapping

IDS: Mapping[str, Mapping[str, str]] = {
    "picture_dataset": {"MNIST digits": "mnist", "Fashion-MNIST": "fashion_mnist", "CIFAR-10": "cifar10"},
    "part": {
        "Pixels": "pixels", "Scaling": "scaling", "Labels": "labels", "Classes": "classes", "Split": "split",
        "Augmentation": "augmentation",
    },
    "flip": {"horizontal and vertical": "horizontal_and_vertical"},
    "kernel": {
        "Sobel x": "sobel_x", "Sobel y": "sobel_y", "Laplacian": "laplacian",
        "four edge detectors": "edge_detectors", "eight random filters": "random_filters", "of your network": "trained",
    },
    "pool_type": {"global max": "global_max", "global average": "global_average"},
    "subject": {"the picture": "picture", "one dot": "dot"},
    "logits_from": {"the ten units": "units", "my own": "own"},
    "true_class": {"class 1": "0", "class 2": "1", "class 3": "2"},
    "surface": {"two minima": "two_minima"},
    "view": {"3-D": "scene"},
    "loss_kind": {"squared error": "squared_error", "binary crossentropy": "binary_crossentropy"},
    "remedy": {"nothing": "plain", "L2": "l2", "early stopping": "early_stopping", "more data": "more_data"},
}  # fmt: skip
"""By the parameter's name: the id that a label stands for."""


def id_of(parameter: str, text: str) -> str:
    """The id that a text in an address stands for: itself, unless it is such a label.

    >>> id_of("view", "3-D"), id_of("view", "map")
    ('scene', 'map')
    """
    return IDS.get(parameter, {}).get(text, text)
