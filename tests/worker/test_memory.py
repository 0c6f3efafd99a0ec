import numpy as np
from helpers.clocks import give_clock

from lib.worker import memory


def test_memory_is_read_again_after_a_quarter_of_a_second(monkeypatch):
    now = [100.0]
    give_clock(monkeypatch, memory, lambda: now[0])
    held = memory.Memory()
    before = held.now_mb()
    grown = np.ones(25_000_000)  # 200 MB
    now[0] += 0.2
    assert held.now_mb() == before
    now[0] += 0.1
    assert held.now_mb() > before + 0.7 * grown.nbytes / 1e6
