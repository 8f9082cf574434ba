"""A site on the loopback for the crawl of the demo: what Python's own modules say of themselves, linked in a circle."""

from __future__ import annotations

import ast
import html
import sysconfig
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PAGES = 150
GONE = "/removed-module"


def pages() -> dict[str, bytes]:
    """By path; one link of each tenth page leads nowhere, as links do."""
    modules = sorted(path for path in Path(sysconfig.get_path("stdlib")).glob("[a-z]*.py"))[:PAGES]
    names = [path.stem for path in modules]
    made = {"/": _page("Modules", "All of them.", [f"/{name}" for name in names[:20]])}
    for at, path in enumerate(modules):
        links = ["/", *(f"/{names[(at + step) % len(names)]}" for step in (1, 7, 20))]
        made[f"/{path.stem}"] = _page(path.stem, _about(path), links + [GONE] * (at % 10 == 0))
    return made


@contextmanager
def served() -> Iterator[str]:
    """The address of the site while the block lasts."""
    content = pages()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = content.get(self.path)
            self.send_response(404 if page is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page or b"nothing here")

        def log_message(self, format: str, *args: object) -> None:
            """Its requests are the crawl's to tell."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever, name="demo-site", daemon=True)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def _about(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text(errors="replace"))) or "It says nothing about itself."


def _page(title: str, text: str, links: list[str]) -> bytes:
    listed = "".join(f'<a href="{link}">{link}</a> ' for link in links)
    return f"<title>{title}</title><h1>{title}</h1><p>{html.escape(text)}</p>{listed}".encode()
