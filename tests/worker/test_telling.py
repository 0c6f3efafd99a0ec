import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from tornado.ioloop import IOLoop

from lib.worker import telling
from lib.worker.telling import Telling


def told_on_a_loop(story):
    """What a story's telling sent, message by message."""
    sent = []

    async def run():
        loop = IOLoop.current()
        await story(Telling(loop, sent.append), loop, sent)

    # On a thread of its own: where this process drives a browser as well, the main thread has a loop already.
    with ThreadPoolExecutor(1) as threads:
        threads.submit(lambda: asyncio.run(run())).result()
    return sent


def test_the_first_event_leaves_at_once_and_a_crowd_leaves_together_in_order():
    started = time.monotonic()

    async def story(tells, loop, sent):
        tells.tell({"number": 0})
        await asyncio.sleep(0)
        assert sent == [[{"number": 0}]]
        for number in range(1, 100):
            tells.tell({"number": number})
            await asyncio.sleep(0)
        while sent[-1][-1]["number"] < 99:
            await asyncio.sleep(0.01)

    sent = told_on_a_loop(story)
    assert [event["number"] for message in sent for event in message] == list(range(100))
    assert len(sent) <= 2 + (time.monotonic() - started) / telling.GAP_SECONDS


def test_what_waits_at_the_end_is_sent_before_the_result(monkeypatch):
    monkeypatch.setattr(telling, "GAP_SECONDS", 3600.0)

    async def story(tells, loop, sent):
        for number in range(3):
            tells.tell({"number": number})
            await asyncio.sleep(0)
        tells.finish()
        loop.add_callback(sent.append, "result")
        while "result" not in sent:
            await asyncio.sleep(0)

    assert told_on_a_loop(story) == [[{"number": 0}], [{"number": 1}, {"number": 2}], "result"]


def test_events_are_told_again_after_a_rest(monkeypatch):
    monkeypatch.setattr(telling, "GAP_SECONDS", 0.01)

    async def story(tells, loop, sent):
        for number in range(3):
            tells.tell({"number": number})
            while len(sent) <= number:
                await asyncio.sleep(0.02)

    assert told_on_a_loop(story) == [[{"number": number}] for number in range(3)]
