"""LayerLab: `streamlit run app.py`. Streamlit imports this file once, for its server, and runs it for each drawing."""

import streamlit as st

if __name__ == "__main__":
    from lib.ui.app import frame, sidebar
    from lib.ui.kit import turns, unusable

    with turns.turn():
        st.set_page_config(page_title="LayerLab", page_icon=str(sidebar.ICON), layout="wide")
        page = frame.route()
        with unusable.told():
            page.run()
else:
    from starlette.middleware import Middleware

    from lib.ui.app import first_page, frontend, leaving, prompt, starting

    layers = (prompt.Prompt, frontend.Frontend, first_page.FirstPage, leaving.Leaving, starting.Opening)
    app = st.App(__file__, middleware=[Middleware(each) for each in layers])
