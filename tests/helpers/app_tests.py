"""AppTest, several times as fast; small scripts in it."""

from __future__ import annotations

import functools

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest


@pytest.fixture(scope="session", autouse=True)
def components_found_once():
    """Streamlit reads what all installed packages say of themselves for each AppTest, 0.2 s of it; here once."""
    scan = manifest_scanner.scan_component_manifests
    manifest_scanner.scan_component_manifests = functools.cache(scan)
    yield
    manifest_scanner.scan_component_manifests = scan


def opened_script(script: str, **query: str) -> AppTest:
    """A script that has run at an address."""
    page = AppTest.from_string(script, default_timeout=60)
    page.query_params.update(query)
    return run(page)


def run(page: AppTest) -> AppTest:
    """Run it again; nothing may be raised."""
    page.run()
    assert not page.exception
    return page
