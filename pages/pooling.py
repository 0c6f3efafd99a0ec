"""Pooling: one number of each window, and what a small shift does to it."""

import numpy as np
import streamlit as st

from lib.concepts.pooling import (
    average_pool2d,
    global_average_pool2d,
    global_max_pool2d,
    max_pool2d,
    min_pool2d,
    share_changed,
)
from lib.ui import learn, lessons, pooling_shift, pooling_view
from lib.ui.picture_source import picture_source

learn.begin("pooling")


@st.fragment
def touch() -> None:
    picture = picture_source()
    image = picture.pixels.astype(np.float32) / 255
    image, pooling = pooling_view.fitting(image, pooling_view.controls())
    pooling_view.show(image, pooling)
    lessons.show("pooling.use")
    pooling_shift.experiment(image, pooling)


touch()
learn.closing(
    "pooling", max_pool2d, average_pool2d, min_pool2d, global_max_pool2d, global_average_pool2d, share_changed
)
