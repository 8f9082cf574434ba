"""Somebody else's pages, served from an origin of their own."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

WRITTEN = "http://127.0.0.1:8765"
"""Where the examples expect the server."""


class Elsewhere:
    """A folder of files on a free port. Where they name the server they name the one of the test."""

    def __init__(self, folder: Path) -> None:
        self.server = WRITTEN
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, self, folder))
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def origin(self) -> str:
        """The origin of its pages."""
        return f"http://localhost:{self._http.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class _Files(SimpleHTTPRequestHandler):
    def __init__(self, place: Elsewhere, folder: Path, *given: object) -> None:
        self._place = place
        super().__init__(*given, directory=str(folder))  # type: ignore[arg-type]  # what the server hands a handler

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":  # browsers ask for it by themselves
            self.send_response(204)
            return self.end_headers()
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if not path.is_file():
            return self.send_error(404)
        content = path.read_bytes().replace(WRITTEN.encode(), self._place.server.encode())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        return None

    def log_message(self, *line: object) -> None:
        """Nothing: the browser tells what it misses."""
