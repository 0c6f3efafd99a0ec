"""Pooling: one number of each window, and what a small shift does to it."""

import numpy as np

from lib.concepts.pooling import (
    average_pool2d,
    global_average_pool2d,
    global_max_pool2d,
    max_pool2d,
    min_pool2d,
    share_changed,
)
from lib.ui.kit import lessons
from lib.ui.kit.fragment import fragment
from lib.ui.kit.picture_source import picture_source
from lib.ui.learn import page
from lib.ui.learn.pooling import shift, view

page.begin("pooling", staged=True)


@fragment
def touch() -> None:
    shown, beside = page.stage("pooling")
    with shown:
        picture = picture_source()
    with beside:
        image, pooling = view.fitting(picture.pixels.astype(np.float32) / 255, view.controls())
        view.formula(image, pooling)
    with shown:
        view.show(image, pooling)
    lessons.show("pooling.use")
    shift.experiment(image, pooling, picture.dataset)


touch()
page.closing("pooling", max_pool2d, average_pool2d, min_pool2d, global_max_pool2d, global_average_pool2d, share_changed)
