"""A reader of server-sent events, for tests: it counts nothing by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import httpx2
import msgspec


class Sent(NamedTuple):
    """One message, or a comment."""

    name: str
    id: str | None
    data: Any


@contextmanager
def opened(http: httpx2.Client, path: str, last_id: str | None = None, **query: Any) -> Iterator[Iterator[Sent]]:
    """The messages of a stream, as they come."""
    headers = {} if last_id is None else {"Last-Event-ID": last_id}
    with http.stream("GET", path, params=query, headers=headers) as answer:
        if answer.status_code != 200:
            answer.read()
            raise AssertionError(answer.text)
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield parsed(answer.iter_lines())


def read(http: httpx2.Client, path: str, last_id: str | None = None, **query: Any) -> list[Sent]:
    """A stream to its end."""
    with opened(http, path, last_id, **query) as messages:
        return [one for one in messages if one.name != "comment"]


def following(messages: Iterator[Sent]) -> Sent:
    """The next message, however long it is waited for."""
    return next(one for one in messages if one.name != "comment")


def parsed(lines: Iterator[str]) -> Iterator[Sent]:
    """Lines as messages."""
    fields: dict[str, str] = {}
    for line in lines:
        if line.startswith(":"):
            yield Sent("comment", None, line[1:].strip())
        elif line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield Sent(fields["event"], fields.get("id"), msgspec.json.decode(fields["data"]))
            fields = {}


def names(messages: list[Sent]) -> list[str]:
    """What was sent, without the progress."""
    return [one.name for one in messages if one.name != "progress"]


def numbers(messages: list[Sent]) -> list[int]:
    """The numbers of the events."""
    return [one.data["seq"] for one in messages if one.name == "event"]
