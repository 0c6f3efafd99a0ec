from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[3]


def page():
    import streamlit as st

    from lib.ui.kit import turns
    from lib.ui.kit.fragment import fragment

    @fragment
    def part(word):
        free = turns._free.acquire(blocking=False)
        st.button(f"{word}: {'free' if free else 'drawing'}", key="again")

    part("alone")


def test_a_fragment_is_drawn_in_a_turn_with_its_arguments():
    app = AppTest.from_function(page).run()
    assert app.button("again").label == "alone: drawing"
    assert app.button("again").click().run().button("again").label == "alone: drawing"


def test_there_are_no_other_fragments():
    files = [*ROOT.glob("pages/*.py"), *ROOT.glob("lib/ui/**/*.py")]
    using = [path.stem for path in files if "st.fragment" in path.read_text("utf-8")]
    assert using == ["fragment"]
