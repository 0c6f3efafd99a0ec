"""Build & train: choose data and a network, change it, and watch it train."""

import streamlit as st

from lib.ui.app import frame
from lib.ui.build import model_views
from lib.ui.build.data_options import data_options
from lib.ui.build.dataset_card import dataset_card, dataset_picker
from lib.ui.build.layer_list import layer_list
from lib.ui.build.own_data import own_data_panel
from lib.ui.build.recipe_picker import recipe_picker, recipe_source
from lib.ui.build.spoiled import spoiled_draft, spoiled_run
from lib.ui.build.training_panel import steered, training_panel
from lib.ui.build.training_settings import for_the_next_run, training_settings
from lib.ui.build.undo import other_data_notice, undo_buttons
from lib.ui.build.variants import variants_panel
from lib.ui.kit import lessons, not_used
from lib.ui.kit.question_note import ask
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
asked = not_used.begin()

other_data_notice()
spoiled_draft(spec)
own_data_panel()
# `lib/ui/app/style.css` holds the places: the training on the left, the choices beside it, the network below.
with st.container(key="workshop"):
    with st.container(key="workshop_training"):
        with st.container(horizontal=True, vertical_alignment="center", key="training_title"):
            lessons.show("build.train")
            if not spec.model.problem:
                model_views.costs(spec)
        spoiled_run(spec, run)
        training_panel(run)
    with st.container(key="workshop_choices"):
        dataset_picker()
        recipe_picker()
        data_options(spec)
        lessons.show("build.settings")
        training_settings(steerable)
        dataset_card()
    with st.container(key="workshop_network"):
        with st.container(key="workshop_layers"):
            lessons.show("build.layers")
            recipe_source(spec)
            for_the_next_run(steerable, "layers")
            layer_list()
        with st.container(key="workshop_picture"):
            lessons.show("build.picture")
            model_views.picture(spec)
            variants_panel(spec)

if not spec.model.problem:
    left, right = st.columns([3, 2], gap="medium")
    with left:
        lessons.show("build.summary")
        model_views.summary(spec)
    with right:
        lessons.show("build.code")
        model_views.code(spec)
lessons.show("build.share")
ask("gpu", "does_it_learn_from_me")
not_used.end(asked, "build")
address.write()
