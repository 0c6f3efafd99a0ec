"""Inside: one image on its way through a network that was trained here."""

import streamlit as st

from lib.ui.app import frame
from lib.ui.inside.parameters import OF_ONE_RUN
from lib.ui.inside.refusal import refusal
from lib.ui.inside.view import inside_view
from lib.ui.kit import lessons, links
from lib.ui.kit.spoiled import spoiled_notice
from lib.ui.session.origin import origin
from lib.ui.session.run_choice import run_choice

frame.begin("Inside", needs_store=True)
lessons.show("inside.title")
run = run_choice("inside", OF_ONE_RUN)
if run is None:
    st.info(lessons.text("inside.none"), icon=":material/model_training:")
    links.page_link("build", "Train a network", ":material/play_arrow:")
    st.stop()

origin(run)
spoiled_notice(run.spec.data)
why_not = refusal(run)
if why_not:
    st.info(why_not, icon=":material/visibility_off:")
    links.page_link("build", "To this run", ":material/model_training:", {"run": run.id})
    st.stop()

inside_view(run)
links.page_link("results", "The results of this run", ":material/query_stats:", {"run": run.id})
