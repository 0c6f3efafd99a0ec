"""Build & train: choose data and a network, change it, and watch it train."""

import streamlit as st

from lib.ui.app import frame
from lib.ui.build import model_views
from lib.ui.build.data_options import data_options
from lib.ui.build.dataset_card import dataset_card, dataset_picker
from lib.ui.build.layer_list import layer_list
from lib.ui.build.own_data import own_data_panel
from lib.ui.build.recipe_picker import recipe_picker
from lib.ui.build.training_panel import steered, training_panel
from lib.ui.build.training_settings import for_the_next_run, training_settings
from lib.ui.build.undo import other_data_notice, undo_buttons
from lib.ui.kit import lessons
from lib.ui.session import address, draft
from lib.ui.session.engine import find_run
from lib.ui.session.state import STEERED_RUN

frame.begin("Build & train", needs_store=True)
troubles = address.read()
spec = draft.current().spec
run = find_run(draft.attached_run()) if draft.attached_run() else None
steerable = steered(run)
STEERED_RUN.set(steerable.id if steerable else "")

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="build_title"):
    lessons.show("build.title")
    undo_buttons()
for trouble in troubles:
    st.warning(trouble, icon=":material/link_off:")

left, right = st.columns(2)
with left:
    dataset_picker()
with right:
    recipe_picker()
other_data_notice()
own_data_panel()
data_options(spec)
dataset_card()

left, right = st.columns([4, 9], gap="medium")
with left:
    lessons.show("build.settings")
    training_settings(steerable)
with right:
    lessons.show("build.train")
    if not spec.model.problem:
        model_views.costs(spec)
    training_panel(run)

left, right = st.columns([5, 5], gap="large")
with left:
    lessons.show("build.layers")
    for_the_next_run(steerable, "layers")
    layer_list()
with right:
    lessons.show("build.picture")
    model_views.picture(spec)

if not spec.model.problem:
    left, right = st.columns([3, 2], gap="medium")
    with left:
        lessons.show("build.summary")
        model_views.summary(spec)
    with right:
        lessons.show("build.code")
        model_views.code(spec)
lessons.show("build.share")
address.write()
