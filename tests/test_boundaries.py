"""Which room may import which: the rules of the floors, held by walking the source of every file."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOUSES = ("lib", "lib.ui")  # packages of nothing but rooms
APP = ["app.py", *(f"pages/{path.name}" for path in sorted((ROOT / "pages").glob("*.py")))]

# From the bottom up: a file imports from its own floor and from those below.
FLOORS = (
    ("lib.errors", "lib.arrays", "lib.settings", "lib.events"),
    ("lib.specs",),
    ("lib.data", "lib.concepts"),
    ("lib.export",),
    ("lib.worker",),
    ("lib.engine",),
    ("lib.figures",),
    ("lib.ui.kit",),
    ("lib.ui.session",),
    ("lib.ui.build", "lib.ui.experiments", "lib.ui.inside", "lib.ui.results", "lib.ui.app"),
    ("lib.ui.learn",),
    ("pages",),
    ("app",),
)
# Rooms of which neither knows the other.
APART = (
    ("lib.data", "lib.concepts"),
    ("lib.figures", "lib.worker"),
    ("lib.figures.build", "lib.figures.experiments"),
    ("lib.figures.build", "lib.figures.learn"),
    ("lib.figures.build", "lib.figures.results"),
    ("lib.figures.experiments", "lib.figures.learn"),
    ("lib.figures.experiments", "lib.figures.results"),
    ("lib.figures.learn", "lib.figures.results"),
    ("lib.ui.build", "lib.ui.results"),
    ("lib.ui.build", "lib.ui.inside"),
    ("lib.ui.build", "lib.ui.experiments"),
    ("lib.ui.experiments", "lib.ui.inside"),
)
ONLY_IN = {
    "streamlit": ("app", "pages", "lib.ui"),
    "keras": ("lib.worker",),
    "tensorflow": ("lib.worker",),
    "sklearn": ("lib.worker",),
    "optuna": ("lib.worker",),
    "dask": ("lib.engine", "lib.worker"),
    "distributed": ("lib.engine", "lib.worker"),
}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def sources() -> dict[str, str]:
    """Source of each module of the program, by its dotted name."""
    paths = [*(ROOT / "lib").rglob("*.py"), *(ROOT / name for name in APP)]
    return {module_name(path): path.read_text(encoding="utf-8") for path in sorted(paths)}


SOURCES = sources()


@cache
def imports(source: str) -> frozenset[str]:
    """Every module that a source imports, anywhere in it; a name from a package is the module if there is one."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            inner = {name for name in names if name in SOURCES}
            found |= inner | ({node.module} if inner != names else set())
    return frozenset(found)


def inside(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


def floor(module: str) -> int:
    """The floor that a module of ours is on.

    Raises:
        ValueError: it is in no room: `FLOORS` must name every one.
    """
    for number, rooms in enumerate(FLOORS):
        if any(inside(module, room) for room in rooms):
            return number
    raise ValueError(f"{module} is in no room")


def upward(modules: dict[str, str]) -> list[str]:
    """Imports from a higher floor."""
    return [
        f"{module} imports {other}"
        for module, source in modules.items()
        for other in sorted(imports(source))
        if other.split(".")[0] in ("lib", "pages", "app") and other.count(".") and floor(other) > floor(module)
    ]


@cache
def graph() -> dict[str, set[str]]:
    """Which modules of ours each one imports; walked when a test asks, not in every process that only collects."""
    return {module: {other for other in imports(source) if other in SOURCES} for module, source in SOURCES.items()}


def room_of(module: str, depth: int) -> str:
    return ".".join(module.split(".")[:depth])


def test_every_module_is_in_a_room():
    assert {floor(module) for module in SOURCES if module not in HOUSES} == set(range(len(FLOORS)))
    assert [house for house in HOUSES if imports(SOURCES[house])] == []


def test_arrows_between_floors_go_down_only():
    assert upward({module: source for module, source in SOURCES.items() if module not in HOUSES}) == []


@pytest.mark.parametrize(("one", "other"), APART)
def test_rooms_that_are_apart_know_nothing_of_each_other(one, other):
    both = ((one, other), (other, one))
    assert (
        sorted(f"{a} -> {b}" for x, y in both for a in graph() for b in graph()[a] if inside(a, x) and inside(b, y))
        == []
    )


def test_no_module_imports_itself_in_a_circle():
    try:
        tuple(TopologicalSorter(graph()).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize(
    "house", ["lib", "lib.ui", "lib.data", "lib.figures", "lib.engine", "lib.specs", "lib.ui.learn"]
)
def test_the_rooms_of_a_house_have_no_circle(house):
    """A room is a folder of the house; a file that lies in the house itself is a room of its own."""
    depth = house.count(".") + 2
    rooms: dict[str, set[str]] = {}
    for module, others in graph().items():
        if inside(module, house) and module != house:
            own = room_of(module, depth)
            others_in = {room_of(other, depth) for other in others if inside(other, house) and other != house}
            rooms.setdefault(own, set()).update(others_in - {own})
    assert len(rooms) > 1
    try:
        tuple(TopologicalSorter(rooms).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_imported_only_where_it_may_be(library):
    users = [module for module, source in SOURCES.items() if any(inside(name, library) for name in imports(source))]
    assert users
    assert [user for user in users if not any(inside(user, room) for room in ONLY_IN[library])] == []


def test_the_lists_are_about_rooms_that_exist():
    named = {room for rooms in (*FLOORS, *APART, *ONLY_IN.values()) for room in rooms} - {"pages"}
    assert sorted(room for room in named if not any(inside(module, room) for module in SOURCES)) == []


def test_the_walk_sees_what_it_must_see():
    hidden = "def f():\n    from keras import layers\n    import streamlit.web\n    from lib.ui.kit import words\n"
    assert imports(hidden) == {"keras", "streamlit.web", "lib.ui.kit.words"}


def test_an_upward_import_is_found():
    assert upward({"lib.specs.model": "from lib.data import parts"}) == ["lib.specs.model imports lib.data.parts"]
    assert upward({"lib.ui.session.draft": "from lib.ui.build import curves"}) != []
    assert upward({"lib.data.parts": "from lib.specs import model"}) == []


@pytest.mark.parametrize(
    "module", ["lib.engine.api", "lib.worker.tasks", "lib.figures.build.curves", "lib.concepts.forward"]
)
def test_importing_what_the_app_uses_loads_no_tensorflow(module):
    code = f"import {module}, sys; sys.exit('keras' in sys.modules or 'tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
