"""A client that begins a transfer and reads its stream, line by line, until it is killed."""

from __future__ import annotations

import sys

import httpx2
import msgspec

from tests.conformance import streams
from tests.faults.side import say


def main(address: str, body: str) -> None:
    given = msgspec.json.decode(body)
    with (
        httpx2.Client(base_url=address, timeout=30) as http,
        streams.opened(http, "POST", "/api/transfer/stream", given) as (_, sent),
    ):
        for one in sent:
            say(one.name or "progress", msgspec.json.encode(one.data).decode())


if __name__ == "__main__":
    main(*sys.argv[1:])
