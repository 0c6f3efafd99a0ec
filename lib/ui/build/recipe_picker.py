"""The recipe: published networks for the chosen data, or a person's own, and what its source reached."""

from __future__ import annotations

import streamlit as st

from lib.specs.recipes import RECIPES, Recipe, fitting, matching
from lib.specs.run import RunSpec
from lib.ui.kit import lessons, words
from lib.ui.kit.key import Key
from lib.ui.kit.options import pin
from lib.ui.session import draft

_RECIPE = Key("recipe", draft.OWN)


def recipe_picker() -> None:
    """Let a person choose a recipe. Whoever changes a layer has a network of their own."""
    spec = draft.current().spec
    recipe = matching(spec)
    names, chosen = [*fitting(spec.data.dataset), draft.OWN], recipe.name if recipe else draft.OWN
    pin(_RECIPE.name, chosen)
    st.selectbox(
        "Recipe",
        names,
        names.index(chosen),
        key=_RECIPE.name,
        format_func=lambda name: RECIPES[name].title if name in RECIPES else "Your own",
        on_change=lambda: draft.choose_recipe(_RECIPE.get()),
    )


def recipe_source(spec: RunSpec) -> None:
    """Say where the network comes from, and what its source reached with it."""
    recipe = matching(spec)
    if recipe is None:
        st.caption(lessons.text("build.own_recipe"))
    else:
        text = f"{recipe.parameters:,} parameters · {published(recipe, spec)}"
        if recipe.run.training != spec.training:
            text += " " + lessons.text("build.changed_training")
        st.caption(text)


def published(recipe: Recipe, spec: RunSpec) -> str:
    """What a recipe's source reached, and with how many images, as Markdown."""
    source = f"[{recipe.source}]({recipe.source_url})" if recipe.source_url else recipe.source
    dataset, epochs = recipe.run.dataset, recipe.run.training.epochs
    if recipe.published == "-":
        return f"no published figure. {source}."
    with_what = f"in {epochs} epochs with {dataset.full_train:,} images of {dataset.title}"
    mine = f"; here you train with {spec.samples():,}"
    if spec.data.dataset != dataset.name:
        mine += f" of {words.escaped(spec.dataset.title)}"
    elif spec.samples() == dataset.full_train:
        mine = ""
    return f"published: **{recipe.published}**, {with_what}{mine}. {source}."
