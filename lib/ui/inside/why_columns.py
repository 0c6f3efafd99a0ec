"""Why this answer, for a row of a table: each column in turn is set to its mean."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.leaving_out import answers, with_means
from lib.engine.runs.snapshot import RunSnapshot
from lib.figures.inside.parts import MOST_SHOWN
from lib.ui.inside.bars import bars
from lib.ui.inside.shares import class_asked, shares_of
from lib.ui.inside.table_input import columns_of
from lib.ui.kit import lessons
from lib.ui.results.run_answers import scaling

Values = NDArray[np.float32]


def why_columns(run: RunSnapshot, weights: dict[str, NDArray[Any]], sample: Values, output: Values) -> None:
    """Show how far the answer falls with each column at its mean over the training rows.

    Args:
        run: the run.
        weights: of the chosen epoch, by name.
        sample: the row as it goes into the first layer.
        output: of the last layer.
    """
    lessons.show("inside.why_columns")
    spec, split = run.spec, run.spec.training.validation_split
    means = scaling(spec.data, split).apply(columns_of(spec.data, split).means)
    usual = shares_of(spec, output)
    label = class_asked(spec, int(usual.argmax()))
    without = shares_of(spec, answers(spec.model, weights, with_means(sample, means)))
    parts = usual[label] - without[:, label]
    names = spec.data.facts.columns
    bars(names, parts, "inside_columns")
    if len(names) > MOST_SHOWN:
        st.caption(lessons.text("inside.more_columns", shown=MOST_SHOWN, all=len(names)))
    lessons.show("inside.columns_said")
