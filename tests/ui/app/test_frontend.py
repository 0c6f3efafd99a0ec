import asyncio
import gzip
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from streamlit.file_util import get_static_dir
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_handler

from lib.ui.app.frontend import Frontend

ALIKE = (b"content-type", b"cache-control")
BROWSER = [(b"accept-encoding", b"gzip, deflate, br, zstd")]


async def passed_on(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"passed on"})


def asked(app, *requests):
    """Headers and body of each answer; in a thread, because this one may have the loop of a browser's driver."""

    async def ask(method, path, headers):
        sent = []

        async def send(message):
            sent.append(message)

        scope = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(), "root_path": "",
            "query_string": b"", "headers": headers, "asgi": {"spec_version": "2.4"},
        }  # fmt: skip
        await app(scope, None, send)
        return dict(sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent)

    async def ask_all():
        return [await ask(*request) for request in requests]

    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, ask_all()).result()


@pytest.fixture(scope="module")
def frontend():
    return Frontend(passed_on)


def test_each_file_of_a_page_is_answered_as_streamlit_answers_it_but_for_its_packing(frontend):
    streamlit = create_streamlit_static_handler(str(get_static_dir()), base_url=None)
    named = set(re.findall(r"/static/(?:js|css|media)/[^\"]+", (Path(get_static_dir()) / "index.html").read_text()))
    chart = next(name for name in frontend._paths if "/PlotlyChart." in name)
    assert {name.rsplit(".", 1)[1] for name in named} == {"js", "css", "woff2"}
    requests = [("GET", name, BROWSER) for name in (*named, chart)]
    answers, theirs = asked(frontend, *requests), asked(streamlit, *requests)
    for (headers, body), (their_headers, same) in zip(answers, theirs, strict=True):
        packed = headers.get(b"content-encoding") == b"gzip"
        assert (gzip.decompress(body) if packed else body) == same != b"passed on"
        assert int(headers[b"content-length"]) == len(body)
        assert [headers[name].partition(b";")[0] for name in ALIKE] == [
            their_headers[name].partition(b";")[0] for name in ALIKE
        ]
    sent, bare = (sum(len(body) for _, body in each) for each in (answers, theirs))
    assert sent < bare / 3


def test_a_file_is_packed_once(frontend, monkeypatch):
    name = next(name for name in frontend._paths if "/index." in name and name.endswith(".js"))
    (_, first), *_ = asked(frontend, ("GET", name, BROWSER))
    monkeypatch.setattr("gzip.compress", None)
    assert asked(frontend, ("GET", name, BROWSER))[0][1] == first


def test_all_else_is_passed_on(frontend):
    name = next(iter(frontend._paths))
    answers = asked(
        frontend, ("GET", "/", BROWSER), ("GET", "/static/js/none.js", BROWSER),
        ("GET", "/static/../index.html", BROWSER), ("POST", name, BROWSER),
        ("GET", name, [*BROWSER, (b"range", b"bytes=0-9")]), ("GET", name, []),
        ("GET", name, [(b"accept-encoding", b"br, gzip;q=0")]),
    )  # fmt: skip
    assert [body for _, body in answers] == [b"passed on"] * 7
