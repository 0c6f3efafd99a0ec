"""Tasks of the page Convolution. It tells its kernel, how the kernel slides, and what picture it slides over."""

from __future__ import annotations

from lib.specs.tasks.task import Facts, Sighting, Task

_ONE, _SEVEN = "5", "28"
"""Test images of the bundled digits: the first 1 and the first 7."""


def _on_digit(facts: Facts, kernel: str, digit: int) -> bool:
    """Whether a kernel slides over this digit."""
    return bool(facts["kernel"] == kernel and facts["dataset"] == "mnist" and facts["label"] == digit)


def _blurred(facts: Facts, kernel_size: int, dilation: int) -> bool:
    return bool(facts["kernel"] == "blur" and facts["kernel_size"] == kernel_size and facts["dilation"] == dilation)


TASKS = (
    Task(
        "convolution.task_1",
        {"picture_number": _ONE},
        (
            Sighting(
                "convolution.task_1_standing",
                lambda f: _on_digit(f, "sobel_y", 1),
                {"picture_number": _ONE, "kernel": "sobel_y"},
            ),
            Sighting(
                "convolution.task_1_bar",
                lambda f: _on_digit(f, "sobel_y", 7),
                {"picture_number": _SEVEN, "kernel": "sobel_y"},
            ),
            Sighting(
                "convolution.task_1_no_bar",
                lambda f: _on_digit(f, "sobel_x", 7),
                {"picture_number": _SEVEN, "kernel": "sobel_x"},
            ),
        ),
    ),
    Task(
        "convolution.task_2",
        {"kernel": "blur"},
        (
            Sighting("convolution.task_2_wide", lambda f: _blurred(f, 7, 1), {"kernel": "blur", "kernel_size": "7"}),
            Sighting(
                "convolution.task_2_dilated",
                lambda f: _blurred(f, 3, 3),
                {"kernel": "blur", "kernel_size": "3", "dilation": "3"},
            ),
        ),
    ),
    Task(
        "convolution.task_3",
        {"kernel": "laplacian", "picture_dataset": "cifar10"},
        (
            Sighting(
                "convolution.task_3_border",
                lambda f: f["kernel"] == "laplacian" and f["dataset"] == "cifar10" and f["zeros"] > 0,
                {"kernel": "laplacian", "picture_dataset": "cifar10", "padding": "same"},
            ),
        ),
    ),
)
