"""What a finger touches on a phone: nothing of ours is smaller than 32 pixels, nor Streamlit's links and buttons."""

import pytest
from helpers.fingers import too_small
from helpers.following import go
from helpers.page_runs import script_ended

pytestmark = pytest.mark.follows

# What the pages look like without any parameters is seen in test_looks.py.
ADDRESSES = [
    "convolution?kernel=random_filters", "pooling?picture_source=draw", "flattening?filters=4", "images?part=scaling",
    "images?part=augmentation",
    "build?dataset=points&layers=Dense(units=8,activation=tanh);Dense(units=1,activation=sigmoid)",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_a_finger_touches_is_large_enough(app, page, address):
    page.set_viewport_size({"width": 400, "height": 800})
    go(page, f"{app}/{address}")
    page.locator("h1").first.wait_for()
    page.wait_for_load_state("networkidle")
    script_ended(page)
    assert too_small(page) == []
