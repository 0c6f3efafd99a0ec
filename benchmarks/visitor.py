"""A visitor without a browser: speaks Streamlit's websocket protocol as its frontend does.

The protocol is internal to Streamlit, so this fits the exact version in `requirements-common.txt`. What is followed:
a page is asked for by name and query string; elements arrive as deltas; a fragment with `run_every` is asked for
again by the visitor's own timer; each request carries all widget values and the hashes of the messages it still has.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

FULL = ""
"""Stands for the whole page where a fragment's id is expected."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A request that was answered.

    Attributes:
        kind: "load", "refresh" (a fragment's timer) or "change" (a widget).
        sent_at: in `time.perf_counter()` seconds.
        seconds: from then until the script had finished.
    """

    kind: str
    sent_at: float
    seconds: float


@dataclass(slots=True)
class _Asked:
    kind: str
    fragment: str
    sent_at: float
    running: bool = False


@dataclass
class Visitor:
    """One open tab.

    Attributes:
        port: of the server on 127.0.0.1.
        page: url path of the page.
        query: query string of the address; follows what the page makes of it.
        answers: requests that were answered; one run of the script may answer several.
        buttons: id of each button and of the fragment in which it stands, by key.
        received, runs: bytes and finished runs so far.
        texts: the last 200 passages and messages.
        errors: sentences about what went wrong.
    """

    port: int
    page: str = "build"
    query: str = ""
    answers: list[Answer] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    received: int = 0
    runs: int = 0
    sliders: dict[str, Slider] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    _asked: list[_Asked] = field(default_factory=list)
    _values: dict[str, list[str]] = field(default_factory=dict)
    _timers: dict[str, tuple[float, asyncio.Task[None]]] = field(default_factory=dict)
    _cache: MessageCache = field(default_factory=lambda: MessageCache())
    _page_hash: str = ""
    _socket: ClientConnection | None = None
    _reader: asyncio.Task[None] | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self) -> None:
        """Connect and ask for the page."""
        address = f"ws://127.0.0.1:{self.port}/_stcore/stream"
        self._socket = await connect(address, subprotocols=[Subprotocol("streamlit")], max_size=None, compression=None)
        self._reader = asyncio.create_task(self._read(self._socket))
        await self._ask("load", FULL)

    async def close(self) -> None:
        """Leave, as by closing the tab."""
        for _, timer in self._timers.values():
            timer.cancel()
        if self._reader is not None:
            self._reader.cancel()
        if self._socket is not None:
            await self._socket.close()

    async def until(self, condition, seconds: float = 60.0) -> None:  # type: ignore[no-untyped-def]
        """Wait for something to become true of this visitor.

        Raises:
            TimeoutError: it did not.
        """
        async with asyncio.timeout(seconds):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    def loaded(self) -> bool:
        """Whether the page has been drawn once."""
        return any(answer.kind == "load" for answer in self.answers)

    def parameter(self, name: str) -> str:
        """A setting in the address, or ""."""
        return parse_qs(self.query).get(name, [""])[0]

    def timers(self) -> list[float]:
        """Seconds of the timers that ask again for a part of the page."""
        return [interval for interval, _ in self._timers.values()]

    def overdue(self, seconds: float) -> int:
        """Requests that have waited longer than this for their answer."""
        now = time.perf_counter()
        return sum(now - asked.sent_at > seconds for asked in self._asked)

    async def move(self, key: str, steps: int = 1) -> None:
        """Move a select slider to a neighbouring position, turning back at its ends."""
        slider = self.sliders[key]
        here = self._values.get(slider.id, [slider.options[int(slider.default[0])]])[0]
        place = list(slider.options).index(here) + steps
        if not 0 <= place < len(slider.options):
            place -= 2 * steps
        self._values[slider.id] = [slider.options[place]]
        await self._ask("change", FULL)

    async def press(self, key: str) -> None:
        """Press a button."""
        name, fragment = self.buttons[key]
        await self._ask("change", fragment, pressed=name)

    async def draw_again(self) -> None:
        """Have the whole page drawn, as a component does that has something to tell."""
        await self._ask("change", FULL)

    async def _ask(self, kind: str, fragment: str, pressed: str = "") -> None:
        if self._socket is None:
            raise RuntimeError("open the visitor first")
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = self.query
        asked.page_script_hash = self._page_hash
        asked.page_name = "" if self._page_hash else self.page
        asked.fragment_id = fragment
        asked.is_auto_rerun = kind == "refresh"
        asked.cached_message_hashes.extend(self._cache.hashes())
        asked.context_info.timezone = "UTC"
        asked.context_info.locale = "en-US"
        asked.context_info.url = f"http://127.0.0.1:{self.port}/{self.page}"
        for name, value in self._values.items():
            asked.widget_states.widgets.add(id=name).string_array_value.data.extend(value)
        if pressed:
            asked.widget_states.widgets.add(id=pressed, trigger_value=True)
        self._asked.append(_Asked(kind, fragment, time.perf_counter()))
        await self._socket.send(message.SerializeToString())

    async def _tick(self, fragment: str, interval: float) -> None:
        """A fragment's timer: asks at its interval whether or not the last answer has come, as a browser does."""
        due_at = time.perf_counter()
        while True:
            due_at += interval
            await asyncio.sleep(max(0.0, due_at - time.perf_counter()))
            await self._ask("refresh", fragment)

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for data in socket:
                assert isinstance(data, bytes)
                self.received += len(data)
                message = ForwardMsg.FromString(data)
                if message.WhichOneof("type") == "ref_hash":
                    message = self._cache.find(message)
                else:
                    self._cache.keep(message)
                self._take(message)
                self._changed.set()
            self.errors.append("the server closed the connection")
        except ConnectionClosed as error:
            self.errors.append(f"connection lost: {error}")
        except Exception as error:  # a bug here must be seen in the table, not end in silence with the task
            self.errors.append(f"{type(error).__name__}: {error}")
        self._changed.set()

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "delta":
            self._take_element(message)
        elif kind == "new_session":
            self._begin(message)
        elif kind == "script_finished":
            self._finish(message)
        elif kind == "auto_rerun":
            self._set_timer(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self._stop_timer(fragment)
        elif kind == "navigation":
            self._page_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "session_event" and message.session_event.HasField("script_compilation_exception"):
            self.errors.append(f"the page failed: {message.session_event.script_compilation_exception.message}")

    def _take_element(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.errors.append(f"an exception on the page: {element.exception.type} {element.exception.message}")
        elif kind == "slider" and element.slider.options:
            slider = self.sliders[key_of(element.slider.id)] = element.slider
            if slider.set_value:
                self._values[slider.id] = list(slider.raw_value)
        elif kind == "button":
            self.buttons[key_of(element.button.id)] = (element.button.id, message.delta.fragment_id)
        elif kind in ("markdown", "alert"):
            self.texts.append(getattr(element, kind).body)
            del self.texts[:-200]

    def _set_timer(self, fragment: str, interval: float) -> None:
        known = self._timers.get(fragment)
        if known is None or known[0] != interval:
            self._stop_timer(fragment)
            self._timers[fragment] = (interval, asyncio.create_task(self._tick(fragment, interval)))

    def _stop_timer(self, fragment: str) -> None:
        if fragment in self._timers:
            self._timers.pop(fragment)[1].cancel()

    def _begin(self, message: ForwardMsg) -> None:
        fragments = message.metadata.run.fragment_ids
        if not fragments:  # the browser stops all timers before a run of the whole page; those it still needs come anew
            for fragment in list(self._timers):
                self._stop_timer(fragment)
        for asked in self._asked:
            # A run of the whole page answers what fragments had asked for until then.
            asked.running = asked.running or not fragments or asked.fragment in fragments

    def _finish(self, message: ForwardMsg) -> None:
        status, fragments = message.script_finished, message.metadata.run.fragment_ids
        if status == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.errors.append("the page did not compile")
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return  # the run that follows is the answer
        self.runs += 1
        now = time.perf_counter()
        done = [asked for asked in self._asked if asked.running and (not fragments or asked.fragment in fragments)]
        self._asked = [asked for asked in self._asked if asked not in done]
        self.answers += [Answer(asked.kind, asked.sent_at, now - asked.sent_at) for asked in done]
        self._cache.age(set(fragments))


@dataclass(slots=True)
class MessageCache:
    """Messages that a browser keeps so that the server need not send them twice; forgotten after two runs unused."""

    messages: dict[str, tuple[ForwardMsg, str]] = field(default_factory=dict)
    ages: dict[str, int] = field(default_factory=dict)

    MOST_RUNS = 2

    def hashes(self) -> list[str]:
        """What the server may refer to."""
        return list(self.messages)

    def keep(self, message: ForwardMsg) -> None:
        """Keep a message if the server says that it is worth it."""
        if message.metadata.cacheable and message.hash:
            self.messages[message.hash] = (message, message.delta.fragment_id)
            self.ages[message.hash] = 0

    def find(self, reference: ForwardMsg) -> ForwardMsg:
        """The message that a reference stands for, at the reference's place."""
        message, _ = self.messages[reference.ref_hash]
        self.ages[reference.ref_hash] = 0
        whole = ForwardMsg()
        whole.CopyFrom(message)
        whole.metadata.CopyFrom(reference.metadata)
        return whole

    def age(self, fragments: set[str]) -> None:
        """Count a finished run of the whole page (no fragments) or of some fragments."""
        for name in list(self.messages):
            if not fragments or self.messages[name][1] in fragments:
                self.ages[name] += 1
            if self.ages[name] > self.MOST_RUNS:
                del self.messages[name], self.ages[name]


def key_of(widget_id: str) -> str:
    """The key that a page gave a widget, which ends its id.

    >>> key_of("$$ID-0123456789abcdef-learning_rate")
    'learning_rate'
    """
    return widget_id.split("-", 2)[-1]
