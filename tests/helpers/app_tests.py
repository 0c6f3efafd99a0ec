"""AppTest, several times as fast; small scripts in it."""

from __future__ import annotations

import functools

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest


@pytest.fixture(scope="session", autouse=True)
def quick_app_tests():
    """Leave out what Streamlit does for each run of a script in a test, and does not do in the app.

    It reads what all installed packages say of themselves, 0.2 s of it; here once. And it clears Keras, which other
    tests of the process have imported and the app never does: that took nine tenths of the time of all page tests.
    """
    with pytest.MonkeyPatch.context() as patch:
        scan = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        patch.setattr(script_runner, "_clean_problem_modules", lambda: None)
        yield


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
