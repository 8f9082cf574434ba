"""A WebSocket: several subscriptions, and verbs, over one connection."""

from __future__ import annotations

import asyncio
import contextvars
from collections import deque
from collections.abc import Callable
from contextlib import aclosing, suppress
from typing import Any

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from headway.clock import Clock
from headway.errors import HeadwayError, InvalidInput
from headway.live.following import FollowedJob, FollowedList
from headway.live.message import Message
from headway.server import asked, permission, problems
from headway.server.breaking import breaker
from headway.server.caller import calling
from headway.server.filters import Common
from headway.server.logs import LOG
from headway.server.problems import Refusal
from headway.server.site import Site

LARGEST = 64 * 1024
"""Bytes of the largest message of a client."""
MOST_A_MINUTE = 100
"""Messages of a client in a minute."""
MOST_SUBSCRIPTIONS = 20
GOODBYE_S = 2.0
"""How long saying goodbye may take."""

BINARY, TOO_LARGE, REFUSED, RESTART, SLOW = 1003, 1009, 1008, 1012, 1013


class Filters(Common, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which jobs to follow, as Headway.jobs takes them."""

    state: str | list[str] | None = None
    labels: dict[str, str] | None = None
    parent: str | int | None = None
    root: str | int | None = None
    ids: list[str] | None = None
    limit: int | None = None


class Subscribe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One job after an event, or many jobs."""

    job: str | int | None = None
    after: str | int | None = None
    jobs: Filters | None = None


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One message of a client: exactly one of its verbs. key: what answers are told by; else the id that is named."""

    subscribe: Subscribe | None = None
    unsubscribe: str | None = None
    pause: str | int | None = None
    resume: str | int | None = None
    cancel: str | int | None = None
    ping: Any = msgspec.UNSET
    reason: str | None = None
    key: str | None = None


class Unheard(Exception):
    """A message that ends its connection. code: with which."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Heard:
    """The messages of one client, and when they came."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._times: deque[float] = deque(maxlen=MOST_A_MINUTE)

    async def text(self, socket: WebSocket) -> str:
        """The next message. Raises Unheard for one that is no text, too large or too many; WebSocketDisconnect."""
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        text: str | None = message.get("text")
        if text is None:
            raise Unheard(BINARY)
        if len(text) > LARGEST or len(text.encode()) > LARGEST:
            raise Unheard(TOO_LARGE)
        if self._too_often():
            raise Unheard(REFUSED)
        return text

    def _too_often(self) -> bool:
        now, before = self._clock.boot(), self._times
        hurries = len(before) == MOST_A_MINUTE and now - before[0] < 60
        before.append(now)
        return hurries


class Conversation:
    """One connection. It is closed where its reader is too slow, like a stream."""

    def __init__(self, site: Site, socket: WebSocket) -> None:
        self._site, self._socket = site, socket
        self._subscriptions: dict[str, asyncio.Task[None]] = {}
        self._heard = Heard(site.clock)
        self._sending = asyncio.Lock()
        self._break = breaker(socket.scope)
        self._closing: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def hold(self) -> None:
        """Listens and answers until one side closes."""
        offered = self._socket.scope.get("subprotocols", ())
        await self._socket.accept(permission.SUBPROTOCOL if permission.SUBPROTOCOL in offered else None)
        listening: asyncio.Future[Any] = asyncio.ensure_future(self._listen())
        try:
            await asyncio.wait([listening, self._closing], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (listening, *self._subscriptions.values()):
                task.cancel()
            await asyncio.gather(listening, *self._subscriptions.values(), return_exceptions=True)
        if self._closing.done():
            with suppress(
                WebSocketDisconnect, RuntimeError, OSError, TimeoutError
            ):  # it may be closed already, or stuck
                await asyncio.wait_for(self._socket.close(self._closing.result()), GOODBYE_S)

    async def _listen(self) -> None:
        try:
            while True:
                text = await self._heard.text(self._socket)
                if not self._permitted():
                    return self._end(REFUSED)
                await self._answer(text)
        except WebSocketDisconnect:
            return None
        except Unheard as refused:
            return self._end(refused.code)

    def _permitted(self) -> bool:
        """Whether the caller still is: a permission may be taken back while the connection lasts."""
        try:
            permission.check(self._site, self._socket.scope)
        except Refusal:
            return False
        return True

    async def _answer(self, text: str) -> None:
        key: str | None = None
        try:
            command = asked.decoded(text.encode(), Command, "a message")
            key = command.key
            await self._obey(command)
        except (HeadwayError, Refusal) as error:
            await self._refuse(key, error)
        except (WebSocketDisconnect, asyncio.CancelledError):
            raise
        except Exception as error:
            LOG.exception("a message failed")
            await self._refuse(key, error)

    async def _obey(self, command: Command) -> None:
        verbs = ("subscribe", "unsubscribe", "pause", "resume", "cancel")
        given = [verb for verb in verbs if getattr(command, verb) is not None]
        if command.ping is not msgspec.UNSET:
            given.append("ping")
        if len(given) != 1:
            raise InvalidInput(f"A message has one of {', '.join(verbs)} and ping; found {', '.join(given) or 'none'}.")
        verb = given[0]
        if verb == "ping":
            await self._say("pong", command.key, command.ping)
        elif command.subscribe is not None:
            await self._subscribe(command.subscribe, command.key)
        elif command.unsubscribe is not None:
            await self._unsubscribe(command.unsubscribe)
        else:
            await self._move(verb, getattr(command, verb), command)

    async def _move(self, verb: str, any_id: str | int, command: Command) -> None:
        with calling(self._socket):
            context = contextvars.copy_context()
        move: Callable[..., Any] = getattr(self._site.hw, verb)
        loop = asyncio.get_running_loop()
        job = await loop.run_in_executor(self._site.threads, context.run, move, any_id, command.reason)
        await self._say("done", command.key or str(any_id), job)

    async def _subscribe(self, wanted: Subscribe, key: str | None) -> None:
        if (wanted.job is None) == (wanted.jobs is None):
            raise InvalidInput('subscribe has one of "job" and "jobs".')
        key = key or ("jobs" if wanted.job is None else str(wanted.job))
        if key in self._subscriptions:
            raise InvalidInput(f"There is a subscription {key[:60]!r} already; give another key, or unsubscribe it.")
        if len(self._subscriptions) >= MOST_SUBSCRIPTIONS:
            raise InvalidInput(f"{MOST_SUBSCRIPTIONS} subscriptions is the most of one connection; unsubscribe one.")
        following = await self._begin(wanted)
        self._subscriptions[key] = asyncio.ensure_future(self._pass_on(key, following))

    async def _begin(self, wanted: Subscribe) -> FollowedJob | FollowedList:
        if wanted.job is not None:
            one = FollowedJob(self._site.feed, self._cut)
            await one.begin(wanted.job, wanted.after)
            return one
        many = FollowedList(self._site.feed, self._cut)
        filters = msgspec.structs.asdict(wanted.jobs) if wanted.jobs is not None else {}
        await many.begin(filters)
        return many

    async def _unsubscribe(self, key: str) -> None:
        task = self._subscriptions.get(key)
        if task is None:
            raise InvalidInput(
                f"There is no subscription {key[:60]!r}; there are {', '.join(self._subscriptions) or 'none'}."
            )
        task.cancel()
        await asyncio.wait([task])
        await self._say("done", key, None)

    async def _pass_on(self, key: str, following: FollowedJob | FollowedList) -> None:
        """Sends a subscription to its end."""
        with suppress(WebSocketDisconnect):  # the listener ends with it
            try:
                await self._tell(key, following)
            except HeadwayError as error:
                await self._refuse(key, error)
            finally:
                following.leave()
                self._subscriptions.pop(key, None)

    async def _tell(self, key: str, following: FollowedJob | FollowedList) -> None:
        head = msgspec.json.encode(key)
        async with aclosing(following.messages()) as portions:
            async for portion in portions:
                if not self._permitted():
                    return self._end(REFUSED)
                for message in portion:
                    await self._send(_frame(head, message))
        if following.closed == "shutdown":
            self._end(RESTART)
        return None

    async def _say(self, name: str, key: str | None, data: Any) -> None:
        await self._send(msgspec.json.encode({"key": key, "name": name, "data": data}).decode())

    async def _refuse(self, key: str | None, error: Exception) -> None:
        refused = problems.refusal_of(error, self._site.hw.url)
        told = {"code": refused.code, "title": refused.title, "status": refused.status, "detail": refused.detail}
        await self._say("error", key, {**told, **refused.more})

    async def _send(self, text: str) -> None:
        """Raises WebSocketDisconnect, also for what another subscription has found closed before."""
        async with self._sending:
            if self._socket.application_state is WebSocketState.DISCONNECTED:
                raise WebSocketDisconnect(1006)
            await self._socket.send_text(text)

    def _cut(self) -> None:
        """A subscription was closed because nobody reads: so is the connection, which may be stuck."""
        if self._break is not None:
            self._break()
        self._end(SLOW)

    def _end(self, code: int) -> None:
        if not self._closing.done():
            self._closing.set_result(code)


def _frame(key: bytes, message: Message) -> str:
    identity = b"" if message.id is None else b',"id":"' + message.id.encode() + b'"'
    return (b'{"key":%s,"name":"%s"%s,"data":%s}' % (key, message.name.encode(), identity, message.data)).decode()
