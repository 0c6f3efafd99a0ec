"""An engine without a single process."""

import pytest


@pytest.fixture
def engine(open_fake):
    return open_fake(workers=1)
