"""Images are numbers: pixels, channels, scaling, labels, classes, the split and augmentation."""

import streamlit as st

from lib.data.augmentation import interpolate, variant, warp
from lib.data.scaling import channel_statistics
from lib.ui import images_tabs, learn
from lib.ui.picture_source import picture_source

TABS = {
    "Pixels": images_tabs.pixels_tab,
    "Scaling": images_tabs.scaling_tab,
    "Labels": images_tabs.labels_tab,
    "Classes": images_tabs.classes_tab,
    "Split": images_tabs.split_tab,
    "Augmentation": images_tabs.augmentation_tab,
}


@st.fragment
def body() -> None:
    picture = picture_source()
    # Only the open tab is drawn, so that the others cost nothing.
    for tab, draw in zip(st.tabs(list(TABS), key="part", bind="query-params"), TABS.values(), strict=True):
        if tab.open:
            with tab:
                draw(picture)


learn.begin("images")
body()
learn.closing("images", channel_statistics, variant, warp, interpolate)
