"""Results: how good a trained network is, what it mixes up, and every single answer."""

import streamlit as st

from lib.ui.app import frame
from lib.ui.build.curves import curves
from lib.ui.build.diagnosis import diagnosis
from lib.ui.kit import lessons, links, words
from lib.ui.results import keeping, outcome
from lib.ui.results.answers import answers_view
from lib.ui.results.bring_back import bring_back
from lib.ui.results.downloads import downloads
from lib.ui.session.origin import origin
from lib.ui.session.run_choice import run_choice

frame.begin("Results", needs_store=True)
lessons.show("results.title")
keeping.deleted()
run = run_choice("results")
if run is None:
    st.info(lessons.text("results.none"), icon=":material/model_training:")
    links.page_link("build", "Train a network", ":material/play_arrow:")
    bring_back()
    st.stop()

origin(run)
if run.evaluation is None:
    if run.status == "failed":
        st.error(lessons.text("results.failed", message=words.escaped(run.message)))
    else:
        kind = words.samples(run.spec.data.kind)
        st.info(lessons.text("results.not_tested", kind=kind), icon=":material/hourglass_top:")
    links.page_link("build", "To this run", ":material/model_training:", {"run": run.id})
    if run.epoch_points:
        curves(run, None, "result")
    diagnosis(run)
    keeping.keeping(run)
    st.stop()

outcome.outcome(run)
answers_view(run)
curves(run, None, "result")
diagnosis(run)
downloads(run)
keeping.keeping(run)
bring_back()
links.page_link("build", "Back to the workshop with this run", ":material/construction:", {"run": run.id})
