"""LayerLab's router: the pages, and one line about the engine in the sidebar."""

import streamlit as st

from lib.ui import frame, sidebar

st.set_page_config(page_title="LayerLab", page_icon=str(frame.ICON), layout="wide")
page = frame.route()
sidebar.show()
page.run()
