"""LayerLab's router: the pages, and one line about the engine in the sidebar."""

import streamlit as st

from lib.ui import sidebar

st.set_page_config(page_title="LayerLab", page_icon=str(sidebar.ICON), layout="wide")
page = st.navigation(
    {
        "Start": [st.Page("pages/home.py", title="Home", icon=":material/home:", url_path="home", default=True)],
        "Do": [
            st.Page("pages/build.py", title="Build & train", icon=":material/model_training:", url_path="build"),
            st.Page("pages/results.py", title="Results", icon=":material/query_stats:", url_path="results"),
        ],
    }
)
sidebar.show()
page.run()
