"""A real site on the loopback: the project's own documents as HTML, served with ETags, and what a crawler meets."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from markdown_it import MarkdownIt

DOCS = Path(__file__).parents[2] / "docs"
IMAGE = b"\x89PNG\r\n\x1a\n a small picture"


class Site:
    """Paths and what they answer. asked: all requests so far; hold: called before each answer."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, str, bytes]] = {}
        self.leads: dict[str, str] = {}
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.unchanged = 0
        self.address = ""
        self.hold: Callable[[str], None] = lambda _: None

    def put(self, path: str, html: str | bytes, media: str = "text/html; charset=utf-8", status: int = 200) -> None:
        """Something to be found at a path."""
        self.pages[path] = status, media, html.encode() if isinstance(html, str) else html

    def fetched(self) -> list[str]:
        """The requests so far, but for robots.txt."""
        return [path for path in self.asked if path != "/robots.txt"]

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answers a request."""
        self.asked.append(request.path)
        self.agents.add(request.headers["User-Agent"])
        self.hold(request.path)
        status, media, body = self.pages.get(request.path, (404, "text/html", b"nothing here"))
        tag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
        if request.path in self.leads:
            status, body = 302, b""
        elif status == 200 and request.headers["If-None-Match"] == tag:
            status, body = 304, b""
            self.unchanged += 1
        request.send_response(status)
        if request.path in self.leads:
            request.send_header("Location", self.leads[request.path])
        if status == 200:
            request.send_header("ETag", tag)
        request.send_header("Content-Type", media)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)


def documents(site: Site) -> None:
    """Every document of the project as a page, linked as it is there."""
    markdown = MarkdownIt().enable("table")
    for path in sorted(DOCS.rglob("*.md")):
        html = markdown.render(path.read_text()).replace('.md"', '.html"').replace(".md#", ".html#")
        name = "/" + str(path.relative_to(DOCS).with_suffix(".html"))
        site.put(name, f"<html><head><title>{path.stem}</title></head><body>{html}</body></html>")
    names = sorted(site.pages)
    site.put("/", "<title>Documents</title>" + "".join(f'<a href="{name}">{name}</a>' for name in names))


@contextmanager
def served() -> Iterator[Site]:
    """A site on a free port; it has nothing yet."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_GET(self) -> None:
            site.answer(self)

        def log_message(self, format: str, *given: object) -> None:
            """Nothing: the site notes what it is asked."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
