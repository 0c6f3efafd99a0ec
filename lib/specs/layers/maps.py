"""Layers for maps of (height, width, channels)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lib.specs.layers.sliding import Conv, GlobalPooling, Pooling


@dataclass(frozen=True, slots=True)
class Conv2D(Conv):
    """Slides `filters` kernels over the maps; each gives one map."""

    rank: ClassVar[int] = 2
    summary: ClassVar[str] = "finds small patterns wherever they are"

    @property
    def brief(self) -> str:
        """Window and activation."""
        return f"{self.kernel_size}×{self.kernel_size} {self.activation}"


@dataclass(frozen=True, slots=True)
class _Pooling2D(Pooling):
    rank: ClassVar[int] = 2

    @property
    def brief(self) -> str:
        """The window."""
        return f"{self.pool_size}×{self.pool_size}"


@dataclass(frozen=True, slots=True)
class MaxPooling2D(_Pooling2D):
    """Keeps the largest value of each window."""

    summary: ClassVar[str] = "keeps the strongest answer of each window"


@dataclass(frozen=True, slots=True)
class AveragePooling2D(_Pooling2D):
    """Keeps the mean of each window."""

    summary: ClassVar[str] = "keeps the mean of each window"


@dataclass(frozen=True, slots=True)
class GlobalAveragePooling2D(GlobalPooling):
    """One number a map: its mean."""

    rank: ClassVar[int] = 2
    summary: ClassVar[str] = "turns each map into its mean"
