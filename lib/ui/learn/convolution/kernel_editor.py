"""A kernel whose every value can be typed. The address holds what was typed, so that a link opens the same kernel."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.kernels import resized
from lib.ui.kit import words
from lib.ui.kit.component import component, whole
from lib.ui.kit.key import Key

LIMIT = 1000.0
"""Largest size of a kernel value; a larger one would change nothing that could be seen."""
PARAMETER = "weights"
"""The typed kernel's name in the address."""
_LARGEST_SIZE = 7

Values = NDArray[np.float32]


def kernel_editor(starting: Values, key: str = "kernel_editor") -> Values:
    """Show a kernel for editing.

    Args:
        starting: `(size, size)`: the kernel while nothing was typed.
        key: the container's key.

    Returns:
        `(size, size)`: what the address says, if it is a kernel of this size, else `starting`.
    """
    kernel, size = starting, len(starting)
    text = st.query_params.get(PARAMETER)
    if text is not None:
        try:
            kernel = _of_size(from_text(text), size)
        except ValueError as error:
            st.warning(words.escaped(str(error)), icon=":material/edit_off:")
    with st.container(key=key):
        fields: Key[Any] = Key(f"{key}_fields", None)
        component("kernel_editor")(
            key=fields.name,
            data=whole({"size": size, "weights": kernel.ravel().tolist(), "limit": LIMIT}),
            on_edited_change=lambda: _store(fields.get().edited),
        )
    return kernel


def _store(text: Any) -> None:
    """Take what the browser sent, if it is a kernel: a browser may send anything."""
    try:
        put(from_text(str(text)))
    except ValueError:
        return


def put(kernel: Values) -> None:
    """Make this the typed kernel."""
    st.query_params[PARAMETER] = to_text(kernel)


def forget() -> None:
    """Forget the typed kernel."""
    st.query_params.pop(PARAMETER, None)


def resize(size: int) -> None:
    """Cut the typed kernel to another size, or add zeros around it. Nothing happens where none was typed."""
    text = st.query_params.get(PARAMETER)
    if text is None:
        return
    try:
        put(resized(from_text(text), size))
    except ValueError:
        forget()


def to_text(kernel: Values) -> str:
    """A kernel's values row by row, as short as possible; `from_text` reads them back."""
    return ",".join(np.format_float_positional(value + 0, trim="-") for value in kernel.ravel())


def from_text(text: str) -> Values:
    """A square kernel from `to_text`.

    Raises:
        ValueError: a value is no number or too large, or so many values are no square; the text says what to do.
    """
    parts = text.split(",")
    size = int(len(parts) ** 0.5)
    if size**2 != len(parts) or size > _LARGEST_SIZE:
        raise ValueError(
            f"The address has {len(parts)} kernel values, which is no square up to {_LARGEST_SIZE}x{_LARGEST_SIZE}."
            " The chosen kernel is shown instead"
        )
    return np.array([_number(part) for part in parts], np.float32).reshape(size, size)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not abs(value) <= LIMIT:
        raise ValueError(
            f"{text!r:.30} cannot be a kernel value: it must be a number from {-LIMIT:g} to {LIMIT:g}."
            " The chosen kernel is shown instead"
        )
    return value


def _of_size(kernel: Values, size: int) -> Values:
    if len(kernel) != size:
        raise ValueError(
            f"The address has a kernel of {len(kernel)}x{len(kernel)} values, but kernel_size is {size}."
            " The chosen kernel is shown instead"
        )
    return kernel
