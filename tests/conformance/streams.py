"""Readers of the older streams: server-sent events of which some have no name, and a WebSocket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import httpx2
import msgspec

from headway.server.serving import Serving
from tests.support import calls


class Sent(NamedTuple):
    """One message; name is empty where it has none."""

    name: str
    data: Any


@contextmanager
def opened(
    http: httpx2.Client, method: str, path: str, body: Any = None
) -> Iterator[tuple[httpx2.Response, Iterator[Sent]]]:
    """The answer and the messages of a stream, as they come."""
    with http.stream(method, path, json=body) as answer:
        if answer.status_code != 200:
            answer.read()
            raise AssertionError(answer.text)
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield answer, parsed(answer.iter_lines())


def parsed(lines: Iterator[str]) -> Iterator[Sent]:
    """Lines as messages; comments are passed over."""
    fields: dict[str, str] = {}
    for line in lines:
        if line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value
        elif not line and "data" in fields:
            yield Sent(fields.get("event", ""), msgspec.json.decode(fields["data"]))
            fields = {}


@contextmanager
def socket(server: Serving, path: str) -> Iterator[Callable[[], Any]]:
    """A WebSocket of a program; gives a function that receives one message."""
    with calls.connect(server.address.replace("http", "ws", 1) + path, compression=None) as connection:
        yield lambda: msgspec.json.decode(connection.recv(timeout=60))
