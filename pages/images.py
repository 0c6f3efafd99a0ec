"""Images are numbers: pixels, channels, scaling, labels, classes, the split and augmentation."""

import streamlit as st

from lib.data.augmentation import interpolate, variant, warp
from lib.data.scaling import channel_statistics
from lib.ui.kit.picture_source import picture_source
from lib.ui.learn import page
from lib.ui.learn.images import tabs

TABS = {
    "Pixels": tabs.pixels_tab,
    "Scaling": tabs.scaling_tab,
    "Labels": tabs.labels_tab,
    "Classes": tabs.classes_tab,
    "Split": tabs.split_tab,
    "Augmentation": tabs.augmentation_tab,
}


@st.fragment
def body() -> None:
    picture = picture_source()
    # Only the open tab is drawn, so that the others cost nothing.
    for tab, draw in zip(st.tabs(list(TABS), key="part", bind="query-params"), TABS.values(), strict=True):
        if tab.open:
            with tab:
                draw(picture)


page.begin("images")
body()
page.closing("images", channel_statistics, variant, warp, interpolate)
