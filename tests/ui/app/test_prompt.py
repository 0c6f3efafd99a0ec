import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from lib.ui.app import prompt


def waits(connection):
    return not connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_connections_that_are_there_and_those_that_come_wait_for_no_acknowledgement():
    with socket.socket() as server:  # as Streamlit makes it, without naming the protocol
        server.bind(("127.0.0.1", 0))
        server.listen()
        with socket.create_connection(server.getsockname()), server.accept()[0] as before:
            assert waits(before)
            prompt.hurry()
            assert not waits(before)
        with socket.create_connection(server.getsockname()), server.accept()[0] as after:
            assert not waits(after)


@pytest.mark.parametrize("trouble", [psutil.AccessDenied(1), FileNotFoundError("/proc/net/tcp")])
def test_a_system_that_does_not_tell_its_sockets_is_no_trouble(monkeypatch, trouble):
    def refuse(self, kind):
        raise trouble

    monkeypatch.setattr(psutil.Process, "net_connections", refuse)
    prompt.hurry()


def test_the_first_request_tells_it_once_and_all_are_passed_on(monkeypatch):
    told, passed = [], []
    monkeypatch.setattr(prompt, "hurry", lambda: told.append(len(passed)))

    async def app(scope, receive, send):
        passed.append(scope["type"])

    async def requests():
        server = prompt.Prompt(app)
        for kind in ("lifespan", "http", "websocket"):
            await server({"type": kind}, None, None)

    with ThreadPoolExecutor(1) as elsewhere:  # this thread may have the loop of a browser's driver
        elsewhere.submit(asyncio.run, requests()).result()
    assert (told, passed) == ([1], ["lifespan", "http", "websocket"])
