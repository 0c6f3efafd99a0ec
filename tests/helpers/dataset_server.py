"""A server of datasets on this machine that can stall, stop short, and count what was asked of it."""

from __future__ import annotations

import gzip
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np


class DatasetServer:
    """What the server gives, and what it does instead for the files named in `stall` and `cut_short`."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.stall: set[str] = set()
        self.cut_short: set[str] = set()
        self.asked: list[str] = []
        self.stalled = threading.Event()
        self.go_on = threading.Event()
        self.url = ""


@contextmanager
def serving(files: dict[str, bytes]) -> Iterator[DatasetServer]:
    """Serve files on 127.0.0.1 until the block ends."""
    server = DatasetServer(files)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            server.asked.append(name)
            if name not in files:
                self.send_error(404)
                return
            content = files[name]
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2])
            if name in server.stall:
                self.wfile.flush()
                server.stalled.set()
                server.go_on.wait()
            elif name not in server.cut_short:
                self.wfile.write(content[len(content) // 2 :])

        def log_message(self, format: str, *args: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.go_on.set()
        http.shutdown()
        thread.join()
        http.server_close()


def fashion_files() -> dict[str, bytes]:
    """Fashion-MNIST's four files in their format, with images that say their label and number in three pixels."""
    files = {}
    for prefix, samples in (("train", 60_000), ("t10k", 10_000)):
        y = (np.arange(samples) % 10).astype(np.uint8)
        x = np.zeros((samples, 28, 28), np.uint8)
        x[:, 0, 0], x[:, 0, 1], x[:, 0, 2] = y, np.arange(samples) % 256, np.arange(samples) // 256
        header = struct.pack(">IIII", 2051, samples, 28, 28)
        files[f"{prefix}-images-idx3-ubyte.gz"] = gzip.compress(header + x.tobytes(), 1)
        files[f"{prefix}-labels-idx1-ubyte.gz"] = gzip.compress(struct.pack(">II", 2049, samples) + y.tobytes(), 1)
    return files
