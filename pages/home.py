"""Home: what LayerLab is, a picture of it, and the ways in."""

from functools import partial

import streamlit as st

from lib.specs.adapting import own_start
from lib.specs.recipes import RECIPES
from lib.ui.app import ahead, frame, hero, path
from lib.ui.build.training_panel import start
from lib.ui.kit import lessons, links, words
from lib.ui.session import draft
from lib.ui.session.engine import engine, if_stored

frame.begin("Home")
first = RECIPES["simple_cnn"].run
seconds = if_stored(lambda: engine().estimate_seconds(first), None)

lessons.show("home.intro")
picture = hero.show()

cost = lessons.text("home.train_cost_unknown")
if seconds is not None:
    cost = lessons.text("home.train_cost", time=words.duration(seconds))
ways = (
    ("train", cost, "build", "Start training", ":material/play_arrow:", partial(start, first)),
    ("learn", lessons.text("home.learn_cost"), "convolution", "Touch a convolution", ":material/touch_app:", None),
    ("points", lessons.text("home.points_cost"), "build", "Bend a boundary", ":material/scatter_plot:",
     partial(draft.open_new, RECIPES["points_spiral"].run)),
    ("text", lessons.text("home.text_cost"), "build", "Read sentences", ":material/format_quote:",
     partial(draft.open_new, RECIPES["text_average"].run)),
    ("build", lessons.text("home.build_cost"), "build", "Open Build & train", ":material/construction:",
     partial(draft.open_new, own_start(first.data))),
    ("results", lessons.text("home.results_cost"), "results", "See the results", ":material/query_stats:", None),
)  # fmt: skip
for row in (ways[:3], ways[3:]):
    for column, (name, price, page, label, icon, on_click) in zip(st.columns(3, gap="medium"), row, strict=True):
        with column, st.container(border=True, height="stretch", key=f"way_{name}"):
            lessons.show(f"home.{name}", parameters=f"{first.model.parameters:,}")
            st.caption(f":material/schedule: {price}")
            links.way_in(name, page, label, icon, on_click, first=name == "train")

path.show()
lessons.show("home.how")
hero.move(picture)
ahead.mount()
