import dataclasses
import threading

from lib.engine.api import open_engine
from lib.engine.work.dispatcher import Dispatcher
from lib.settings import Settings


def test_deadlines_are_looked_at_also_while_events_keep_coming(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'runs.sqlite3'}"
    engine = open_engine(dataclasses.replace(Settings.from_environment(), home=tmp_path, database_url=url))
    looked = threading.Event()
    monkeypatch.setattr(Dispatcher, "_tick", lambda _: looked.set())
    try:
        for _ in range(40):
            # Far more often than the half second after which an empty inbox wakes the thread by itself.
            engine._dispatcher.command("0" * 16, "pause")
            if looked.wait(0.05):
                break
        assert looked.is_set()
    finally:
        engine.close()
