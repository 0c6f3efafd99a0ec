import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from lib.ui.app import turns


@pytest.fixture
def two_at_once(monkeypatch):
    monkeypatch.setattr(turns, "_turns", threading.BoundedSemaphore(2))


def test_no_more_pages_are_drawn_at_once_than_there_are_turns(two_at_once):
    drawing, most = [], []

    def draw(number):
        with turns.turn():
            drawing.append(number)
            most.append(len(drawing))
            time.sleep(0.01)
            drawing.remove(number)

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(draw, range(20)))
    assert max(most) == 2


def test_a_page_that_fails_gives_its_turn_back(two_at_once):
    for _ in range(5):
        with pytest.raises(ValueError, match="no such picture"), turns.turn():
            raise ValueError("no such picture")
    with turns.turn(), turns.turn():
        pass


def test_whoever_waits_for_long_is_drawn_though_others_hang(two_at_once, monkeypatch):
    monkeypatch.setattr(turns, "WAIT_SECONDS", 0.05)
    with turns.turn(), turns.turn():
        with turns.turn():
            pass
        with turns.turn():
            pass
