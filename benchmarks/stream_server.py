"""A server of streams in a process of its own: `python -m benchmarks.stream_server KIND [URL]`.

KIND: headway, which streams jobs of the database at URL, or bare, which broadcasts from memory what is posted to it.
It writes its address, and serves until its standard input ends.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncIterator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

import headway
from headway.server import create_app
from headway.server.serving import COLLECT_AFTER, QUEUE, Serving


class Broadcast:
    """One queue for each reader; what is posted is put into all of them, encoded once."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[bytes]] = set()
        self.app = Starlette(routes=[Route("/stream", self.stream), Route("/send", self.send, methods=["POST"])])

    async def stream(self, request: Request) -> Response:
        """Everything from here on."""
        return StreamingResponse(self._messages(), media_type="text/event-stream")

    async def send(self, request: Request) -> Response:
        """Hands a message to all readers."""
        frame = b"event: event\ndata: " + await request.body() + b"\n\n"
        for queue in self._queues:
            queue.put_nowait(frame)
        return Response(status_code=204)

    async def _messages(self) -> AsyncIterator[bytes]:
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        self._queues.add(queue)
        try:
            yield b"retry: 1000\n\n"
            while True:
                yield await queue.get()
        finally:
            self._queues.discard(queue)


def main(kind: str, url: str = "") -> None:
    """Serve until standard input ends."""
    if kind == "headway":
        with headway.Headway(url) as hw, Serving(create_app(hw), port=0) as serving:
            print(serving.address, flush=True)
            sys.stdin.read()
    else:
        asyncio.run(_bare())


async def _bare() -> None:
    config = uvicorn.Config(Broadcast().app, port=0, log_config=None, access_log=False, lifespan="off", backlog=QUEUE)
    server = uvicorn.Server(config)
    gc.set_threshold(*COLLECT_AFTER)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    print(f"http://127.0.0.1:{port}", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.force_exit = server.should_exit = True
    await serving


if __name__ == "__main__":
    main(*sys.argv[1:])
