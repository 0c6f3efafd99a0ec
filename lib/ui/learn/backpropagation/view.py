"""The network of the Backpropagation page, a component whose steps are shown in the browser."""

from __future__ import annotations

import streamlit as st

from lib.concepts.backpropagation import Network
from lib.figures.learn.tiny_network import network_picture
from lib.ui.kit import heard
from lib.ui.kit.component import component, whole


def show_network(net: Network) -> None:
    """Show the network. The visitor stays at the same step when the numbers change."""
    picture = network_picture(net)
    heard.place(step=heard.numbers(0, len(picture["steps"])))
    with st.container(key="explorer"):
        component("backpropagation")(key="network_view", data=whole(picture))
