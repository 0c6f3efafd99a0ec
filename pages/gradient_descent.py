"""Gradient descent: five optimizers walk down the same surface from the same start."""

import streamlit as st

from lib.concepts.optimizers import SGD, Adam, Momentum, Nesterov, RMSprop, inverse_time_decay
from lib.concepts.surfaces import SURFACES
from lib.ui.kit import lessons
from lib.ui.kit.choice import Choice
from lib.ui.kit.fragment import fragment
from lib.ui.kit.question_note import ask
from lib.ui.learn import page, tasks
from lib.ui.learn.gradient_descent.controls import controls
from lib.ui.learn.gradient_descent.facts import facts
from lib.ui.learn.gradient_descent.formula import first_step
from lib.ui.learn.gradient_descent.map import show_map, show_scene

VIEW = Choice("view", {"map": "map", "scene": "3-D"}, "map")


@fragment
def descents() -> None:
    picture, beside = page.stage("gradient_descent")
    with beside:
        settings = controls()
    found, step = settings.descents(), settings.steps
    with picture:
        if VIEW.segments("View", label_visibility="collapsed") == "scene":
            show_scene(settings.surface, found)
        else:
            step = show_map(settings.surface, found, settings.steps, key="descents")
    with beside:
        if not found:
            st.info(lessons.text("gradient_descent.nobody"), icon=":material/touch_app:")
        gone = [
            f"{name} left the picture at step {descent.left_at}" for name, descent in found.items() if descent.left_at
        ]
        if gone:
            st.warning(lessons.text("gradient_descent.gone", who="; ".join(gone)), icon=":material/warning:")
        ask("learning_rate")
    if found:
        lessons.show("gradient_descent.formula")
        with page.formula():
            st.latex(f"L(x, y) = {SURFACES[settings.surface].formula}")
            names = {name: name for name in found}
            name, tab = Choice("formula_of", names, next(iter(names)), "formula").tabs()
            tab.latex(first_step(settings, name))
    tasks.tell(**facts(settings, found, step))


page.begin("gradient_descent", staged=True)
descents()
lessons.show("gradient_descent.uses")
page.closing("gradient_descent", SGD, Momentum, Nesterov, RMSprop, Adam, inverse_time_decay)
