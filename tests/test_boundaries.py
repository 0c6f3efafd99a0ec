"""The import rules of the three floors, held by walking the source."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = {
    # folder: what its files must not import
    "lib/specs": ("streamlit", "keras", "tensorflow", "dask", "distributed", "lib.ui", "lib.engine", "lib.worker"),
    "lib/concepts": ("streamlit", "keras", "tensorflow", "dask", "distributed", "lib.ui", "lib.engine", "lib.worker"),
    "lib/data": ("streamlit", "keras", "tensorflow", "dask", "distributed", "lib.ui", "lib.engine", "lib.worker"),
    "lib/figures": ("streamlit", "keras", "tensorflow", "dask", "distributed", "lib.ui", "lib.worker"),
    "lib/engine": ("streamlit", "keras", "tensorflow", "lib.ui"),
    "lib/worker": ("streamlit", "lib.ui", "lib.engine"),
    "lib/ui": ("keras", "tensorflow", "dask", "distributed"),
    "pages": ("keras", "tensorflow", "dask", "distributed"),
}


def imports(path: Path) -> set[str]:
    """Every module that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def forbidden(path: Path, rules: tuple[str, ...]) -> set[str]:
    return {name for name in imports(path) for rule in rules if name == rule or name.startswith(f"{rule}.")}


@pytest.mark.parametrize("folder", FLOORS)
def test_a_floor_imports_only_what_it_may(folder):
    files = sorted((ROOT / folder).rglob("*.py"))
    assert files
    assert {str(path): bad for path in files if (bad := forbidden(path, FLOORS[folder]))} == {}


def test_only_the_worker_imports_keras():
    outside = [path for path in (ROOT / "lib").rglob("*.py") if "worker" not in path.relative_to(ROOT).parts]
    files = [*outside, ROOT / "app.py", *(ROOT / "pages").glob("*.py")]
    assert [str(path) for path in files if forbidden(path, ("keras", "tensorflow"))] == []


def test_only_the_pages_import_streamlit():
    inside = [path for path in (ROOT / "lib").rglob("*.py") if "ui" not in path.relative_to(ROOT).parts]
    assert [str(path) for path in inside if forbidden(path, ("streamlit",))] == []


def test_the_walk_sees_what_it_must_see(tmp_path):
    hidden = tmp_path / "hidden.py"
    hidden.write_text("def f():\n    from keras import layers\n    import streamlit.web\n")
    assert forbidden(hidden, ("keras", "streamlit")) == {"keras", "keras.layers", "streamlit.web"}


@pytest.mark.parametrize(
    "module", ["lib.engine.api", "lib.worker.tasks", "lib.figures.build.curves", "lib.concepts.forward"]
)
def test_importing_what_the_app_uses_loads_no_tensorflow(module):
    code = f"import {module}, sys; sys.exit('keras' in sys.modules or 'tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
