"""The network of the backpropagation page as a component that steps in the browser."""

from __future__ import annotations

import streamlit as st

from lib.concepts.backpropagation import Network
from lib.figures.learn.tiny_network import network_picture
from lib.ui.kit.component import component, whole


def show_network(net: Network) -> None:
    """Show it; the step that a visitor looks at stays when the numbers change."""
    with st.container(key="explorer"):
        component("backpropagation")(key="network_view", data=whole(network_picture(net)))
