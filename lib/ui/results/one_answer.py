"""One test sample followed through the layers, computed here from the learned weights.

It opens where a person chose it: below the field for its number, or, from a list of samples, in a drawer over the page.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from lib.concepts.forward import forward
from lib.concepts.metrics import class_shares
from lib.figures.base.images import enlarged
from lib.figures.results.predictions import describe_probabilities, probabilities
from lib.ui.kit import lessons, links, words
from lib.ui.kit.key import Key
from lib.ui.kit.whole_number import WholeNumber
from lib.ui.results.run_answers import ClassAnswers, NumberAnswers, scaling, test_part
from lib.ui.results.tokens import token_view
from lib.ui.session.engine import engine
from lib.ui.session.state import SAMPLE

EQUAL_WITHIN = 1e-4
"""Sums of float32 numbers differ by about so much when they are added in another order."""
ROWS_SHOWN = 12
_OPENED: Key[bool] = Key("answer_opened", False)
"""Whether the drawer is to open when the page is drawn next."""

Values = NDArray[np.float32]


def one_answer(answers: ClassAnswers | NumberAnswers) -> None:
    """Let a person choose a test sample, and show what each layer makes of it."""
    run = answers.run
    with st.container(key="one_answer"):
        lessons.show("results.sample")
        last = len(answers.true) - 1
        sample = words.sample(run.spec.data.kind)
        number = WholeNumber(SAMPLE.name, SAMPLE.default).field(f"Test {sample}, 0 to {last:,}", 0, last, width=220)
        _follow(answers, number, "one")


def open_answer(number: int) -> None:
    """Follow a sample of a list: the page is drawn again, with the drawer over it."""
    SAMPLE.set(number)
    _OPENED.set(True)
    st.rerun()


def drawer(answers: ClassAnswers | NumberAnswers) -> None:
    """Show the sample that was just chosen in a list, if there is one."""
    if not _OPENED.take():
        return
    number = SAMPLE.get()
    title = f"Test {words.sample(answers.run.spec.data.kind)} {number:,}"

    @st.dialog(title, width="medium", position="right")
    def opened() -> None:
        with st.container(key="opened_answer"):
            _follow(answers, number, "opened")

    opened()


def _follow(answers: ClassAnswers | NumberAnswers, number: int, key: str) -> None:
    """Show a sample, the answer to it, and below them what each layer gives; `key` begins the keys of all parts."""
    spec = answers.run.spec
    weights = engine().weights(answers.run.id)
    if weights is None:
        st.caption(lessons.text("results.no_weights"))
        return
    query = {"run": answers.run.id, "sample": str(number)}
    noun = words.sample(spec.data.kind)
    links.page_link("inside", f"Look inside with this {noun}", ":material/frame_inspect:", query)
    sample = test_part(answers.run).x[number]
    scaled = scaling(spec.data, spec.training.validation_split).apply(sample)
    outputs = forward(spec.model, weights, scaled)
    if spec.data.kind == "text":
        token_view(answers.run, number, key)
        said = _said(answers, number, outputs[-1], key)
    else:
        left, right = st.columns([2, 3], gap="large")
        with left:
            _sample(answers, number, sample, scaled, key)
        with right:
            said = _said(answers, number, outputs[-1], key)
    _layers(spec.model.layer_names(), outputs)
    difference = float(np.abs(said - _keras_said(answers, number)).max())
    verdict = "sample_equal" if difference <= EQUAL_WITHIN else "sample_differs"
    lessons.show(f"results.{verdict}", difference=f"{difference:.1e}")


def _keras_said(answers: ClassAnswers | NumberAnswers, number: int) -> Any:
    return answers.probabilities[number] if isinstance(answers, ClassAnswers) else answers.predicted[number]


def _sample(answers: ClassAnswers | NumberAnswers, number: int, sample: NDArray[Any], scaled: Values, key: str) -> None:
    """Show the sample as a picture, or its numbers as they are and as the network sees them."""
    data = answers.run.spec.data
    if data.kind == "images":
        st.image(np.squeeze(enlarged(sample, 8)), width="stretch", alt=f"test image {number}")
        return
    rows = [
        [name, f"{value:g}", f"{seen:.3g}"]
        for name, value, seen in zip(data.number_names, sample.tolist(), scaled.tolist(), strict=True)
    ]
    scale = data.kind == "table" and data.scaling != "raw"
    head = ["column" if data.kind == "table" else "feature", "value", "scaled"]
    with st.container(height=460 if len(rows) > ROWS_SHOWN else "content", border=False, key=f"{key}_row"):
        st.markdown(words.table(head, rows) if scale else words.table(head[:2], [row[:2] for row in rows]))


def _said(answers: ClassAnswers | NumberAnswers, number: int, output: Values, key: str) -> Values:
    """Show the network's answer beside the truth.

    Returns:
        The answer in the form of the stored outputs: a probability for each class, or the predicted number.
    """
    if isinstance(answers, NumberAnswers):
        st.metric("The network says", f"{output[0]:.4f}")
        st.caption(f"It is: **{answers.true[number]:.4f}**.")
        return output
    shares = class_shares(output, answers.run.spec.binary)
    label, names = int(answers.true[number]), answers.names
    said = words.escaped(names[int(shares.argmax())])
    st.caption(f"It is: **{words.escaped(names[label])}**. The network says: **{said}**.")
    st.plotly_chart(
        probabilities(shares, names, label),
        key=f"{key}_probabilities",
        alt=describe_probabilities(shares, names, label),
        config={"displayModeBar": False},
    )
    return shares


def _layers(names: tuple[str, ...], outputs: list[Values]) -> None:
    rows = [
        [name, words.shape(values.shape), f"{values.min():.3g}", f"{values.max():.3g}", f"{np.mean(values == 0):.0%}"]
        for name, values in zip(names, outputs, strict=True)
    ]
    st.markdown(words.table(["layer", "gives", "from", "to", "zeros"], rows))
