"""An operation of the API: its path, what it takes and answers, and the function that does it.

One declaration serves the routing, the checks of what is asked, and the OpenAPI document: none can drift apart.
"""

from __future__ import annotations

import inspect
import zlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from headway.server import asked, problems, requestid, selection, websession
from headway.server.asked import Nothing
from headway.server.caller import calling
from headway.server.problems import Refusal
from headway.server.site import PREFIX, Site
from headway.tracker import submission
from headway.tracker.headway import Headway

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""

Q = TypeVar("Q")
B = TypeVar("B")
R = TypeVar("R")


class Call(Generic[Q, B]):
    """One call of an operation. path: the names in its address; query, body: as the operation declares them."""

    def __init__(self, site: Site, request: Request, query: Q, body: B, quick: bool = False) -> None:
        self.site = site
        self._inline = quick and site.reads_at_once
        self.request = request
        self.query = query
        self.body = body

    @property
    def hw(self) -> Headway:
        """The verbs."""
        return self.site.hw

    @property
    def any_id(self) -> str:
        """Whatever the caller knows the job by."""
        return str(self.request.path_params["any_id"])

    @property
    def key(self) -> str | None:
        """The Idempotency-Key of the call."""
        given = self.request.headers.get("idempotency-key")
        return None if given is None else selection.as_text(given)

    @property
    def known_tag(self) -> str | None:
        """The ETag of what the caller has already."""
        return self.request.headers.get("if-none-match")

    async def apart(self, work: Callable[..., R], *given: Any) -> R:
        """Calls a verb in a thread: the core is synchronous. A quick read of a file is over before a thread begins."""
        if self._inline:
            return work(*given)
        return await self.site.apart(work, *given)


class Answer:
    """What an operation answers.

    tagged: with an ETag, and not at all where the caller has it already; seen: what the tag stands for, where that is
    not the whole body.
    """

    media: str | None = "application/json"

    def __init__(
        self, body: Any = None, status: int = 200, headers: Mapping[str, str] | None = None, tagged: bool = False,
        weak: bool = False, seen: Any = None,
    ) -> None:  # fmt: skip
        self.status = 204 if body is None and status == 200 else status
        self.headers = dict(headers or {})
        self.content = b"" if body is None else ENCODER.encode(body)
        if tagged:
            version = getattr(body, "version", getattr(body, "config_version", 0))
            told = zlib.crc32(self.content if seen is None else ENCODER.encode(seen))
            self.headers["ETag"] = f'{"W/" * weak}"{version}-{told:08x}"'

    @property
    def tag(self) -> str | None:
        """Changes with everything that the caller can see."""
        return self.headers.get("ETag")

    def is_known(self, tags: str | None) -> bool:
        """Whether these tags of an If-None-Match name it. A tag that a proxy has weakened is still the same."""
        if tags is None or self.tag is None:
            return False
        return tags.strip() == "*" or self.tag.removeprefix("W/") in [
            one.strip().removeprefix("W/") for one in tags.split(",")
        ]

    def response(self, known: str | None) -> Response:
        """The answer as it is sent."""
        if self.is_known(known):
            return Response(status_code=304, headers=self.headers)
        return Response(self.content, self.status, self.headers, self.media if self.content else None)


class File(Answer):
    """Bytes that somebody handed over, to be saved: nothing in them is run or shown by a browser."""

    media = "application/octet-stream"

    def __init__(self, content: bytes) -> None:
        super().__init__(headers={"Content-Disposition": "attachment", "Content-Security-Policy": "sandbox"})
        self.status, self.content = 200, content


Handler = Callable[[Call[Any, Any]], Answer | Awaitable[Answer]]


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One method of one path. The docstring of its handler is its description.

    takes: the type of the body; answers: what comes with each status of success, media: in which form; refusals: codes
    of problems that its verb may answer, beside those that every operation has; quick: it reads a few rows by their
    keys; example, shows: a body and an answer for the documents.
    """

    method: str
    path: str
    handler: Handler
    tag: str
    query: type = Nothing
    takes: type | None = None
    answers: dict[int, Any] = {}
    refusals: tuple[str, ...] = ()
    media: str = "application/json"
    quick: bool = False
    example: Any = None
    shows: Any = None
    below: str = PREFIX
    statuses: Mapping[str, int] = {}

    @property
    def address(self) -> str:
        """Where it stands in the app."""
        return self.below + self.path

    @property
    def where(self) -> str:
        """How messages name it."""
        return f"{self.method} {self.address}"


class Number(Convertor[int]):
    """A number in a path: `{attempt:number}`. Python refuses to read texts of thousands of digits."""

    regex = "[0-9]{1,18}"

    def convert(self, value: str) -> int:
        """The number itself."""
        return int(value)

    def to_string(self, value: int) -> str:
        """How a path has it."""
        return str(value)


register_url_convertor("number", Number())


class Operations(list[Operation]):
    """The operations of one file of routes."""

    def __init__(self, tag: str) -> None:
        super().__init__()
        self.tag = tag

    def add(self, method: str, path: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declares the function below as an operation. options: fields of Operation."""

        def declared(handler: Handler) -> Handler:
            self.append(Operation(method=method, path=path, handler=handler, tag=self.tag, **options))
            return handler

        return declared


def routes(site: Site, operations: Sequence[Operation]) -> list[Route]:
    """One route for each path, whatever its methods: so that a refused method can name the others."""
    paths: dict[str, dict[str, Operation]] = defaultdict(dict)
    for operation in operations:
        paths[operation.address][operation.method] = operation
    return [Route(path, endpoint=Endpoint(site, methods)) for path, methods in paths.items()]


class Endpoint:
    """Answers the requests of one path."""

    def __init__(self, site: Site, methods: Mapping[str, Operation]) -> None:
        self._site, self._methods = site, dict(methods)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            with calling(request):
                response = await self._answer(request)
        except ClientDisconnect:
            return  # there is nobody left to answer
        except Exception as error:
            refused = problems.refusal_of(error, self._site.hw.url)
            if refused.status == 500:
                raise  # the outermost layer logs it, and answers
            operation = self._operation(request)
            if operation is not None:
                refused.status = operation.statuses.get(refused.code, refused.status)
            response = problems.answer(refused, requestid.of(scope))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        operation = self._operation(request)
        if operation is None:
            raise self._no_such_method(request.method)
        websession.check(request.scope)
        query: Any = asked.query(request, operation.query, operation.where)
        body: Any = None if operation.takes is None else await asked.body(request, operation.takes, operation.where)
        call: Call[Any, Any] = Call(self._site, request, query, body, operation.quick)
        if operation.method not in SAFE and call.key is not None:
            submission.idempotency_key(call.key)
        if inspect.iscoroutinefunction(operation.handler):
            found = await operation.handler(call)
        else:
            found = await call.apart(operation.handler, call)
        answer: Answer = found
        return answer.response(call.known_tag if operation.method == "GET" else None)

    def _operation(self, request: Request) -> Operation | None:
        return self._methods.get("GET" if request.method == "HEAD" else request.method)

    def _no_such_method(self, method: str) -> Refusal:
        allowed = ", ".join(sorted([*self._methods, *(["HEAD"] if "GET" in self._methods else [])]))
        return Refusal(
            "method_not_allowed",
            f"{method[:20]} is no method of that path; expected {allowed}.",
            {"Allow": allowed},
        )


def _plain(value: Any) -> Any:
    raise TypeError(f"{type(value).__name__} has no JSON form")


ENCODER = msgspec.json.Encoder(enc_hook=_plain)
