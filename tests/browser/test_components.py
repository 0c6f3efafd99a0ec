"""The components' files are ES modules as a browser knows them, and so is the one script that the app makes of them."""

import pytest

from lib.ui.kit.bundle import bundle, read_module
from lib.ui.kit.component import FOLDER

ADDRESS = "http://components.test"
FILES = sorted(path.stem for path in FOLDER.glob("*.js"))
MAINS = [name for name in FILES if "export default" in read_module(FOLDER / f"{name}.js").body]
IMPORT_TEXT = "text => import(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })))"


@pytest.fixture
def files(page):
    """A page of an address that serves the files; nothing leaves the browser."""

    def serve(route):
        path = FOLDER / route.request.url.removeprefix(f"{ADDRESS}/")
        if path.suffix == ".js" and path.exists():
            route.fulfill(path=path, content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")

    page.route(f"{ADDRESS}/**", serve)
    page.goto(ADDRESS)
    return page


def test_a_browser_links_each_file_and_finds_the_exports_that_the_app_finds(files):
    found = files.evaluate(
        """async (names) => Object.fromEntries(await Promise.all(
            names.map(async (name) => [name, Object.keys(await import(`/${name}.js`)).sort()])))""",
        FILES,
    )
    expected = {
        name: [*read_module(FOLDER / f"{name}.js").exports, *(["default"] if name in MAINS else [])] for name in FILES
    }
    assert found == {name: sorted(names) for name, names in expected.items()}


@pytest.mark.parametrize("name", MAINS)
def test_the_one_script_of_a_component_is_a_module_with_a_function(page, name):
    kind = page.evaluate(
        f"text => ({IMPORT_TEXT})(text).then((module) => typeof module.default)", bundle(name, FOLDER)[0]
    )
    assert kind == "function"


def test_private_names_of_two_files_do_not_meet(page, tmp_path):
    (tmp_path / "left.js").write_text("function own() { return 1; }\nexport const left = own();\n")
    (tmp_path / "right.js").write_text("function own() { return 2; }\nexport const right = () => own();\n")
    (tmp_path / "main.js").write_text(
        'import { left } from "./left.js";\nimport { right } from "./right.js";\nconst own = 3;\n'
        "export default [left, right(), own];\n"
    )
    script, _ = bundle("main", tmp_path)
    assert page.evaluate(f"text => ({IMPORT_TEXT})(text).then((module) => module.default)", script) == [1, 2, 3]
