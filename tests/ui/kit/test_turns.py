import inspect
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.runtime import Runtime
from streamlit.runtime.session_manager import SessionInfo

from lib.ui.kit import turns

PATIENCE = 10  # seconds; nothing here takes so long


@pytest.fixture
def quick(monkeypatch):
    """Whoever draws for a moment already draws long."""
    monkeypatch.setattr(turns, "LONG_SECONDS", 0.05)
    monkeypatch.setattr(turns, "LOOK_SECONDS", 0.01)


def elsewhere(act):
    """Do something in a thread of its own; its result."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(act).result(PATIENCE)


def is_free():
    """Whether somebody else could draw now."""
    free = turns._free.acquire(blocking=False)
    if free:
        turns._free.release()
    return free


def test_pages_are_drawn_one_after_the_other():
    drawing, most = [], []

    def draw(number):
        with turns.turn():
            drawing.append(number)
            most.append(len(drawing))
            time.sleep(0.005)
            drawing.remove(number)

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(draw, range(20)))
    assert most == [1] * 20
    assert is_free()


def test_a_part_of_a_page_is_drawn_within_the_turn_of_the_page():
    with turns.turn():
        with turns.turn():
            assert not is_free()
        assert not is_free()
    assert is_free()


def test_a_page_that_fails_gives_its_turn_back():
    for _ in range(5):
        with pytest.raises(ValueError, match="no such picture"), turns.turn():
            raise ValueError("no such picture")
        assert is_free()


def test_beside_a_page_that_hangs_the_others_are_drawn_one_after_the_other(quick):
    most = []

    def draw():
        with turns.turn():
            most.append(is_free())

    with turns.turn():
        for _ in range(3):
            elsewhere(draw)
    assert most == [False] * 3
    assert is_free()  # the page that hung does not give back what it no longer had


def test_whoever_came_first_is_drawn_first(monkeypatch):
    monkeypatch.setattr(turns, "LOOK_SECONDS", 0.01)
    drawn, threads = [], []

    def draw(number):
        with turns.turn():
            drawn.append(number)

    with turns.turn():
        for number in range(8):
            threads.append(threading.Thread(target=draw, args=(number,)))
            threads[-1].start()
            time.sleep(0.015)  # so that those who wait have looked around meanwhile
    for thread in threads:
        thread.join(PATIENCE)
    assert drawn == list(range(8))


def test_whoever_waits_for_something_lets_others_draw_meanwhile():
    def draw():
        with turns.turn():
            return True

    with turns.turn():
        with turns.rest():
            assert elsewhere(draw)
        assert not is_free()
    with turns.rest():  # not in a turn
        assert is_free()
    assert is_free()


@pytest.fixture
def session(monkeypatch):
    """A session of Streamlit's, as far as a drawing that ends looks at it: what waits for being sent, and its loop."""
    waiting = [b"drawn"]
    loop = SimpleNamespace(call_soon_threadsafe=lambda act: act())
    session = SimpleNamespace(_event_loop=loop, _browser_queue=SimpleNamespace(is_empty=lambda: not waiting))
    sessions = SimpleNamespace(get_session_info=lambda name: SimpleNamespace(session=session))
    monkeypatch.setattr(turns, "get_script_run_ctx", lambda **_: SimpleNamespace(session_id="one"))
    there = SimpleNamespace(exists=lambda: True, get_instance=lambda: SimpleNamespace(_session_mgr=sessions))
    monkeypatch.setattr(turns, "runtime", there)
    return SimpleNamespace(waiting=waiting, loop=loop)


def test_a_drawing_ends_when_it_is_sent_and_others_draw_meanwhile(session):
    ended = threading.Event()

    def draw():
        with turns.turn():
            pass
        ended.set()

    thread = threading.Thread(target=draw)
    thread.start()
    assert not ended.wait(0.1)
    assert is_free()
    session.waiting.clear()
    thread.join(PATIENCE)
    assert ended.is_set()


def test_streamlit_still_has_the_names_by_which_a_drawing_sees_that_it_is_sent():
    assert "self._session_mgr = " in inspect.getsource(Runtime.__init__)
    assert "session" in SessionInfo.__dataclass_fields__
    for name in ("_event_loop", "_browser_queue"):
        assert f"self.{name} = " in inspect.getsource(AppSession.__init__)
    assert ForwardMsgQueue().is_empty()


def test_a_browser_that_has_left_is_not_waited_for(session, monkeypatch):
    monkeypatch.setattr(turns, "SENT_SECONDS", 0.05)
    with turns.turn():
        pass


def test_a_server_that_ends_is_not_waited_for(session):
    def closed(act):
        raise RuntimeError("Event loop is closed")

    session.waiting.clear()
    session.loop.call_soon_threadsafe = closed
    with turns.turn():
        pass
