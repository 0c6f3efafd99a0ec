"""Results: what a trained network reached, what it mixes up, and every single answer."""

import streamlit as st

from lib.data.errors import DataError
from lib.ui import frame, lessons, links, outcome, tested, words
from lib.ui.confusion_view import confusion_view, per_class_table
from lib.ui.curves import curves
from lib.ui.downloads import downloads
from lib.ui.prediction_view import prediction_view
from lib.ui.run_picker import run_picker

frame.begin("Results")
lessons.show("results.title")
run = run_picker()
if run is None:
    st.info(lessons.text("results.none"), icon=":material/model_training:")
    links.page_link("build", "Train a network", ":material/play_arrow:")
    st.stop()

if run.evaluation is None:
    if run.status == "failed":
        st.error(lessons.text("results.failed", message=words.escaped(run.message)))
    else:
        st.info(lessons.text("results.not_tested"), icon=":material/hourglass_top:")
    links.page_link("build", "To this run", ":material/model_training:", {"run": run.id})
    if run.epoch_points:
        curves(run, None, "result")
    st.stop()

outcome.outcome(run)
curves(run, None, "result")
try:
    answers = tested.read(run)
except DataError as error:
    st.error(str(error))
    answers = None
if answers is not None:
    confusion_view(answers)
    per_class_table(answers)
    prediction_view(answers)
downloads(run)
links.page_link("build", "Back to the workshop with this run", ":material/construction:", {"run": run.id})
