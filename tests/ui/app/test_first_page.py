import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.file_util import get_static_dir
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_handler

from lib.ui.app.first_page import FirstPage
from lib.ui.app.sheet import tag

PAGE = [(b"accept", b"text/html,*/*"), (b"accept-encoding", b"gzip"), (b"if-none-match", b'"old"')]


def answer(app, path, headers):
    """Status, headers and body; in a thread, because this one may have the loop of a browser's driver."""

    async def ask():
        sent = []

        async def send(message):
            sent.append(message)

        scope = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "root_path": "",
            "query_string": b"", "headers": headers, "asgi": {"spec_version": "2.4"},
        }  # fmt: skip
        await app(scope, None, send)
        body = b"".join(message.get("body", b"") for message in sent)
        return sent[0]["status"], dict(sent[0]["headers"]), body

    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, ask()).result()


@pytest.fixture(scope="module")
def streamlit():
    return create_streamlit_static_handler(str(get_static_dir()), base_url=None)


@pytest.mark.parametrize("path", ["/", "/pooling"])
def test_the_page_that_a_browser_asks_for_ends_with_our_styles(streamlit, path):
    _, _, plain = answer(streamlit, path, [])
    status, headers, body = answer(FirstPage(streamlit), path, PAGE)
    assert status == 200
    assert body == plain.replace(b"</body>", tag().encode() + b"</body>") != plain
    assert int(headers[b"content-length"]) == len(body)
    assert not {b"etag", b"last-modified"} & set(headers)


def test_what_is_no_page_is_passed_on_as_it_is(streamlit):
    name = "/static/js/index" + plain_name(streamlit)
    assert answer(FirstPage(streamlit), name, [(b"accept", b"*/*")]) == answer(streamlit, name, [(b"accept", b"*/*")])
    assert answer(FirstPage(streamlit), name, PAGE)[2] == answer(streamlit, name, [])[2]


async def download(scope, receive, send):
    """A report in two pieces, as Streamlit sends what is taken along."""
    headers = [(b"content-type", b"text/html"), (b"content-disposition", b"attachment"), (b"etag", b"1")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"<html><body>Mine</bo", "more_body": True})
    await send({"type": "http.response.body", "body": b"dy></html>"})


async def other_page(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
    await send({"type": "http.response.body", "body": b"<html><body>Not Streamlit's</body></html>"})


@pytest.mark.parametrize("app", [download, other_page])
def test_a_report_that_is_taken_along_and_other_pages_stay_as_they_are(app):
    assert answer(FirstPage(app), "/media/report.html", PAGE) == answer(app, "/media/report.html", PAGE)


def plain_name(streamlit):
    return answer(streamlit, "/", [])[2].decode().partition("./static/js/index")[2].partition('"')[0]
