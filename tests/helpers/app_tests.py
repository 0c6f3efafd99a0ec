"""AppTest, several times as fast."""

from __future__ import annotations

import functools

import pytest
from streamlit.components.v2 import manifest_scanner


@pytest.fixture(scope="session", autouse=True)
def components_found_once():
    """Streamlit reads what all installed packages say of themselves for each AppTest, 0.2 s of it; here once."""
    scan = manifest_scanner.scan_component_manifests
    manifest_scanner.scan_component_manifests = functools.cache(scan)
    yield
    manifest_scanner.scan_component_manifests = scan
