import subprocess
import sys
from pathlib import Path

import pytest

from lib.specs.recipes import RECIPES
from lib.ui.app.frame import LEARN
from lib.ui.kit import lessons

ROOT = Path(__file__).parents[2]
NAMES = ("home", *LEARN, "build", "inside", "results", "experiments")
PAGES = ("app.py", *(f"pages/{name}.py" for name in NAMES))


@pytest.mark.parametrize("script", PAGES)
def test_each_page_runs_alone_and_the_app_runs(open_page, script):
    page = open_page(script)
    assert not page.exception
    assert page.main.markdown


@pytest.mark.parametrize("name", NAMES)
def test_each_page_opens_inside_the_app(open_page, name):
    page = open_page("app.py").switch_page(f"pages/{name}.py").run()
    assert not page.exception
    assert page.sidebar.caption


def test_every_page_file_is_in_the_navigation():
    assert {path.stem for path in (ROOT / "pages").glob("*.py")} == set(NAMES)


# The same control in its own words.
SHARED_KEYS = {"recipe", "learning_rate", "new_layer"}


def widgets_of(node):
    for child in node.children.values():
        if getattr(child, "key", None) and hasattr(child, "set_value"):
            yield child
        if hasattr(child, "children"):
            yield from widgets_of(child)


def choices_of(widget):
    """What a widget can be set to; a value outside, brought along from another page, would be an error."""
    options = [getattr(option, "content", option) for option in getattr(widget.proto, "options", ())]
    return type(widget).__name__, getattr(widget.proto, "min", None), getattr(widget.proto, "max", None), tuple(options)


def test_no_two_pages_give_one_key_to_controls_with_different_choices(open_page):
    known = {}
    addresses = [*((name, {}) for name in NAMES), ("build", {"dataset": "points"}), ("build", {"dataset": "movies"})]
    for name, query in addresses:
        for widget in widgets_of(open_page(f"pages/{name}.py", **query).main):
            if widget.key not in SHARED_KEYS:
                assert known.setdefault(widget.key, choices_of(widget)) == choices_of(widget), f"{widget.key} on {name}"


def test_convolution_and_pooling_share_their_stride_and_not_their_padding(open_page):
    page = open_page("app.py").switch_page("pages/convolution.py").run()
    page.segmented_control(key="padding").set_value("2").run()
    page.slider(key="stride").set_value(3).run()
    page.query_params.clear()
    page.switch_page("pages/pooling.py").run()
    assert not page.exception
    assert page.slider(key="stride").value == 3
    assert page.segmented_control(key="pool_padding").value == "valid"
    page.segmented_control(key="pool_padding").set_value("same").run()
    page.query_params.clear()
    page.switch_page("pages/convolution.py").run()
    assert page.segmented_control(key="padding").value == "2"


def test_the_button_on_home_starts_a_training_of_the_simple_cnn(open_page, spec_of, engine):
    page = open_page("app.py")
    page.button(key="go_train").click().run()
    assert not page.exception
    assert spec_of(page) == RECIPES["simple_cnn"].run
    run = engine.snapshot(page.query_params["run"])
    assert run.active
    assert run.spec == RECIPES["simple_cnn"].run
    page.query_params.clear()
    page.switch_page("pages/home.py").run()
    page.button(key="go_train").click().run()
    assert page.query_params["run"] == run.id
    assert [row.id for row in engine.runs(run.owner)] == [run.id]
    page.button(key="stop").click().run()


def test_home_leads_to_a_small_network_of_ones_own(open_page, spec_of):
    page = open_page("app.py")
    page.button(key="go_build").click().run()
    assert page.selectbox(key="recipe").value == "own"
    assert [layer.kind for layer in spec_of(page).model.layers] == ["Flatten", "Dense"]


def test_home_leads_to_results(open_page):
    page = open_page("app.py")
    page.button(key="go_results").click().run()
    assert not page.exception
    assert lessons.text("results.title") in [markdown.value for markdown in page.markdown]


def test_the_network_of_build_is_kept_while_another_page_is_open(open_page):
    page = open_page("app.py").switch_page("pages/build.py").run()
    page.number_input(key="epochs").set_value(3).run()
    page.switch_page("pages/home.py").run()
    page.query_params.clear()
    page.switch_page("pages/build.py").run()
    assert page.number_input(key="epochs").value == 3


@pytest.mark.slow
def test_no_page_loads_tensorflow_keras_or_pandas_into_the_page_process(tmp_path):
    code = f"""
import os, sys
os.environ["LAYERLAB_HOME"] = {str(tmp_path)!r}
sys.path.insert(0, {str(ROOT)!r})
from streamlit.testing.v1 import AppTest
addresses = [(script, {{}}) for script in {PAGES!r}]
addresses += [("pages/build.py", {{"dataset": name}}) for name in ("points", "movies")]
for script, query in addresses:
    page = AppTest.from_file(os.path.join({str(ROOT)!r}, script), default_timeout=60)
    page.query_params.update(query)
    page.run()
    assert not page.exception, page.exception
loaded = [name for name in ("tensorflow", "keras", "pandas") if name in sys.modules]
print("loaded", loaded)
from lib.ui.session.engine import engine
engine().close()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=200, cwd=ROOT)
    assert done.stdout.strip().endswith("loaded []"), done.stdout + done.stderr
