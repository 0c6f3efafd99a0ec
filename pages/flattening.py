"""Flatten, dense, softmax: from maps to a vector, to ten sums, to ten probabilities."""

import streamlit as st

from lib.concepts.dense import dense, terms_at
from lib.concepts.flattening import flatten, index_of
from lib.concepts.softmax import softmax_steps
from lib.data.fitted.digit_weights import SIDE, as_digit
from lib.ui.kit.fragment import fragment
from lib.ui.kit.picture_source import picture_source
from lib.ui.learn import page, tasks
from lib.ui.learn.flattening import answer, maps, softmax
from lib.ui.learn.flattening import dense as flattening_dense

page.begin("flattening")


@fragment
def touch() -> None:
    source, beside = st.columns([6, 5], gap="large")
    with source:
        picture = picture_source(side=SIDE)
        image = as_digit(picture)
    with beside:
        answer.answer(image, picture)
    logits = flattening_dense.logits_of(image)
    share = float(softmax_steps(logits).probabilities.max())
    tasks.tell(dataset=picture.dataset, label=picture.label, best=int(logits.argmax()), share=share)
    page.below()
    maps.maps_to_vector(image)
    flattening_dense.weighted_sum(image)
    softmax.steps(logits)


touch()
page.closing("flattening", flatten, index_of, dense, terms_at, softmax_steps)
