# SPDX-License-Identifier: AGPL-3.0-or-later
"""An ordinary web server on the loopback that gives out a folder, as an organisation's mirror would."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class WebFolder:
    """What is given out, and what was asked for.

    Attributes:
        folder: May be exchanged while the server runs.
        asked: Paths, in order.
        page: Served instead of every file, as a captive portal does; None for the folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked = folder, list[str]()
        self.page: bytes | None = None
        self.url = ""
        self.heard = threading.Condition()


@contextmanager
def web_folder(folder: Path) -> Iterator[WebFolder]:
    """Serve ``folder`` until the end of the block."""
    web = WebFolder(folder)

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            with web.heard:
                web.asked.append(self.path)
                web.heard.notify_all()
            self.directory = str(web.folder)
            if web.page is None:
                super().do_GET()
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(web.page)))
            self.end_headers()
            self.wfile.write(web.page)

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    web.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield web
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
