import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.file_util import get_static_dir
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_handler

from lib.ui.app.frontend import Frontend

ALIKE = (b"content-type", b"content-length", b"cache-control")


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


def test_each_file_of_the_first_page_is_answered_as_streamlit_answers_it(frontend):
    streamlit = create_streamlit_static_handler(str(get_static_dir()), base_url=None)
    requests = [("GET", name, []) for name in frontend._files]
    assert {name.rsplit(".", 1)[1] for name in frontend._files} == {"js", "css", "woff2"}
    for (headers, body), (theirs, same) in zip(asked(frontend, *requests), asked(streamlit, *requests), strict=True):
        assert body == same != b"passed on"
        assert [headers[name].partition(b";")[0] for name in ALIKE] == [
            theirs[name].partition(b";")[0] for name in ALIKE
        ]


def test_all_else_is_passed_on(frontend):
    name = next(iter(frontend._files))
    answers = asked(
        frontend, ("GET", "/", []), ("GET", "/static/js/none.js", []), ("GET", "/static/../index.html", []),
        ("POST", name, []), ("GET", name, [(b"range", b"bytes=0-9")]),
    )  # fmt: skip
    assert [body for _, body in answers] == [b"passed on"] * 5
