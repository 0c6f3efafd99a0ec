"""LayerLab's router: it draws the frame and runs the page that was asked for."""

import streamlit as st

from lib.ui.app import frame, sidebar
from lib.ui.kit import unusable

st.set_page_config(page_title="LayerLab", page_icon=str(sidebar.ICON), layout="wide")
page = frame.route()
with unusable.told():
    page.run()
