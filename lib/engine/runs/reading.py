"""Descriptions of runs as the store has them. Many runs have the same one, which is read once."""

from __future__ import annotations

from functools import lru_cache

from lib.specs.codec import from_json
from lib.specs.model import ModelSpec
from lib.specs.run import RunSpec


@lru_cache(maxsize=2_000)
def spec_of(text: str) -> RunSpec:
    """The run that a row describes.

    Raises:
        SpecError: the description is damaged.
    """
    return from_json(text)


@lru_cache(maxsize=2_000)
def parameters_of(model: ModelSpec) -> int:
    """All weights of a model."""
    return model.parameters
