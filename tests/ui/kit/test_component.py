"""The files of our components: all are used, each names what it takes from another, one makes the elements."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from lib.ui.kit.bundle import bundle, modules_for, read_module
from lib.ui.kit.component import FOLDER

ROOT = Path(__file__).parents[3]
FILES = sorted(path.stem for path in FOLDER.glob("*.js"))


def called() -> set[str]:
    """Names that the app gives to `component`."""
    calls = [
        node
        for folder in ("lib", "pages")
        for path in (ROOT / folder).rglob("*.py")
        # Each process of a spread suite asks, and to parse a file takes 100 times as long as to read it.
        if "component(" in (text := path.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "component"
    ]
    return {argument.value for call in calls for argument in call.args if isinstance(argument, ast.Constant)}


COMPONENTS = sorted(called())


@cache
def exports(name):
    return read_module(FOLDER / f"{name}.js").exports


def code(name):
    """A file's text without comments and imports."""
    return re.sub(r"(^|\s)//.*", "", read_module(FOLDER / f"{name}.js").body)


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_is_complete(name):
    script, _ = bundle(name, FOLDER)
    assert script.count("export default ") == 1


def test_every_file_belongs_to_a_component():
    used = {module.name for name in COMPONENTS for module in modules_for(name, FOLDER)}
    assert used == set(FILES)
    assert {path.stem for path in FOLDER.glob("*.css")} <= used


def test_every_export_is_imported_somewhere():
    taken = {
        (source, each)
        for name in FILES
        for source, names in read_module(FOLDER / f"{name}.js").imports
        for each in names
    }
    assert {(name, each) for name in FILES for each in exports(name)} == taken


@pytest.mark.parametrize("name", FILES)
def test_a_file_uses_all_that_it_imports(name):
    imported = {each for _, names in read_module(FOLDER / f"{name}.js").imports for each in names}
    assert {each for each in imported if not re.search(rf"\b{each}\b", code(name))} == set()


@pytest.mark.parametrize("name", FILES)
def test_a_file_calls_nothing_of_another_without_naming_it(name):
    text = code(name)
    imported = {each for _, names in read_module(FOLDER / f"{name}.js").imports for each in names}
    declared = set(re.findall(r"\b(?:function|class|const) (\w+)", text))
    methods = re.compile(r"^  (?:async )?\w+\(.*\) \{$", re.MULTILINE)
    called_here = set(re.findall(r"(?<![.\w$])(\w+)\(", methods.sub("", text)))
    others = {each for other in FILES if other != name for each in exports(other)}
    assert called_here & others <= imported | declared


@pytest.mark.parametrize("name", sorted(set(FILES) - {"dom"}))
def test_elements_are_made_in_dom_alone(name):
    assert "createElement" not in code(name)
