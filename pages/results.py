"""Results: how good a trained network is, what it mixes up, and every single answer."""

import streamlit as st

from lib.ui.app import frame
from lib.ui.build.curves import curves
from lib.ui.build.diagnosis import diagnosis
from lib.ui.build.inside import inside_view
from lib.ui.kit import lessons, links, not_used, words
from lib.ui.kit.spoiled import spoiled_notice
from lib.ui.results import keeping, outcome
from lib.ui.results.answers import answers_view
from lib.ui.results.bring_back import bring_back
from lib.ui.results.downloads import downloads
from lib.ui.session.origin import origin
from lib.ui.session.run_choice import run_choice

# What the address may say: the choices of each part, from the top of the page to its end.
KNOWN = frozenset(
    (
        "run", "threshold", "numbers", "cell", "filter", "class", "page", "sample", "doubt", "robust_sample",
        "robustness", "watching", "watched_layer", "bring_back",
    )
)  # fmt: skip

frame.begin("Results", needs_store=True)
lessons.show("results.title")
keeping.deleted()
run = run_choice("results", ("watched_layer", "robustness"))
if run is None:
    st.info(lessons.text("results.none"), icon=":material/model_training:")
    links.page_link("build", "Train a network", ":material/play_arrow:")
    bring_back()
    st.stop()

origin(run)
spoiled_notice(run.spec.data)
if run.evaluation is None:
    if run.status == "failed":
        st.error(lessons.text("results.failed", message=words.escaped(run.message)))
    else:
        kind = words.samples(run.spec.data.kind)
        st.info(lessons.text("results.not_tested", kind=kind), icon=":material/hourglass_top:")
    links.page_link("build", "To this run", ":material/model_training:", {"run": run.id})
    if run.epoch_points:
        curves(run, None, "result")
        inside_view(run, "result")
    diagnosis(run)
    keeping.keeping(run)
    st.stop()

with not_used.told("results", KNOWN, run.id):
    outcome.outcome(run)
    answers_view(run)
    curves(run, None, "result")
    outcome.questions(run)
    inside_view(run, "result")
    diagnosis(run)
    downloads(run)
    keeping.keeping(run)
    bring_back()
links.page_link("build", "Open this run in Build & train", ":material/construction:", {"run": run.id})
