"""The OpenAPI document, made from the operations themselves: what they take and answer, with examples."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

import headway
from headway.server import problems
from headway.server.asked import Nothing
from headway.server.operation import SAFE, Operation
from headway.server.problems import Problem

EVERY = (
    "invalid_input", "unauthorized", "forbidden", "misdirected", "too_many", "internal", "store_unavailable",
    "store_full",
)  # fmt: skip
"""Codes that every operation may answer; too_many to wrong tokens."""
BODIED = ("foreign_origin", "too_slow", "too_large", "unsupported_media", "unstorable")
"""Codes that those with a body may answer beside them."""
CHOOSING = {"Headway-Session": "header", "session": "query"}
"""By what a request names its session, and where that stands."""
SESSION_ID = {"type": "string", "minLength": 1, "maxLength": 255, "examples": ["acme"]}
REFERENCE = "#/components/schemas/{name}"
_PATH_NAME = re.compile(r"\{(\w+)(?::\w+)?\}")

ABOUT = """Durable tracking and control of long-running work.

`any_id` is whatever a job is known by: its number, its whole id, the last 6 or more characters of it, an external id
or a context id; exact forms are `number:17`, `external:...`, `context:...`. Errors are RFC 9457 problem documents
with a stable `code`. Unknown parameters and members are refused by name. Unsafe calls take an Idempotency-Key."""


class Documents:
    """Answers with the document."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self._operations = operations
        self._made: dict[str, bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        root = scope.get("root_path", "")
        if root not in self._made:
            self._made = {root: msgspec.json.encode(document(self._operations, root, headway.__version__))}
        await Response(self._made[root], media_type="application/json")(scope, receive, send)


def document(operations: Sequence[Operation], root: str, version: str) -> dict[str, Any]:
    """The whole document. root: the path below which the app is mounted."""
    kinds = [kind for one in operations for kind in _kinds(one)]
    _, components = msgspec.json.schema_components([*kinds, Problem], ref_template=REFERENCE)
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for one in operations:
        paths[_PATH_NAME.sub(r"{\1}", one.address)][one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Headway", "version": version, "description": ABOUT},
        "servers": [{"url": root or "/"}],
        "security": [{}, {"token": []}],
        "paths": dict(paths),
        "components": {
            "schemas": components,
            "parameters": {name: _session_parameter(name, place) for name, place in CHOOSING.items()},
            "responses": {code: _problem(code) for code in sorted(_used(operations))},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(one: Operation) -> dict[str, Any]:
    first, _, rest = (one.handler.__doc__ or "").partition("\n")
    told: dict[str, Any] = {
        "operationId": one.handler.__name__,
        "tags": [one.tag],
        "summary": first.strip(),
        "description": " ".join(rest.split()) or first.strip(),
        "parameters": [*_path_parameters(one), *_query_parameters(one), *_headers(one), *_choosing(one)],
        "responses": {**{str(status): _answer(one, status) for status in one.answers}, **_refusals(one)},
    }
    if one.takes is not None:
        content: dict[str, Any] = {"schema": _schema(one.takes)}
        if one.example is not None:
            content["example"] = one.example
        told["requestBody"] = {"content": {"application/json": content}, "required": _has_required(one.takes)}
    return told


def _answer(one: Operation, status: int) -> dict[str, Any]:
    kind, told = one.answers[status], {201: "Created.", 204: "Nothing.", 304: "Nothing new."}
    answer: dict[str, Any] = {"description": told.get(status, "Done.")}
    if kind is not None:
        content: dict[str, Any] = {"schema": _schema(kind)}
        if one.shows is not None and status == next(iter(one.answers)):
            content["example"] = one.shows
        answer["content"] = {one.media: content}
    if status == 201:
        answer["headers"] = {"Location": {"description": "The address of the new job.", "schema": {"type": "string"}}}
    return answer


def _refusals(one: Operation) -> dict[str, Any]:
    """Problems by status: several codes may share one."""
    known, by_status = problems.statuses(), defaultdict[str, list[str]](list)
    for code in _codes(one):
        by_status[str(one.statuses.get(code, known[code][0]))].append(code)
    return {
        status: {"$ref": f"#/components/responses/{codes[0]}"}
        if len(codes) == 1
        else {"description": _listed(codes), "content": _problem_content(codes[0])}
        for status, codes in sorted(by_status.items())
    }


def _codes(one: Operation) -> list[str]:
    bodied = () if one.takes is None else BODIED
    changing = () if one.method in SAFE or one.takes is not None else ("foreign_origin",)
    keyed = ("under_way",) if "key_reused" in one.refusals else ()
    return list(dict.fromkeys([*EVERY, *bodied, *changing, *one.refusals, *keyed]))


def _used(operations: Sequence[Operation]) -> set[str]:
    return {code for one in operations for code in _codes(one)}


def _problem(code: str) -> dict[str, Any]:
    return {"description": _listed([code]), "content": _problem_content(code)}


def _problem_content(code: str) -> dict[str, Any]:
    status, title = problems.statuses()[code]
    example = {
        "type": f"urn:headway:problem:{code}", "title": title, "status": status, "detail": "What was asked and found.",
        "code": code, "instance": "urn:headway:request:6f1c0d2e9a3b4c5d", "request_id": "6f1c0d2e9a3b4c5d",
    }  # fmt: skip
    return {problems.MEDIA_TYPE: {"schema": _schema(Problem), "example": example}}


def _listed(codes: list[str]) -> str:
    known = problems.statuses()
    return "; ".join(f"`{code}`: {known[code][1][0].lower()}{known[code][1][1:]}" for code in codes) + "."


def _path_parameters(one: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _path_schema(kind), "description": _told(name)}
        for name, kind in re.findall(r"\{(\w+)(?::(\w+))?\}", one.path)
    ]


def _path_schema(kind: str) -> dict[str, Any]:
    return {"type": "integer", "minimum": 0} if kind == "number" else {"type": "string", "minLength": 1}


def _told(name: str) -> str:
    return "Whatever the job is known by." if name == "any_id" else f"Which {name}."


def _query_parameters(one: Operation) -> list[dict[str, Any]]:
    if one.query is Nothing:
        return []
    _, components = msgspec.json.schema_components([one.query])
    shape = components[one.query.__name__]
    required = shape.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, **_described(schema)}
        for name, schema in shape["properties"].items()
    ]


def _choosing(one: Operation) -> list[dict[str, Any]]:
    """How a request says in which session it acts; where the query has a filter of that name, that does it."""
    asked = [field.name for field in msgspec.structs.fields(one.query)]
    names = ["Headway-Session"] + ["session"] * ("session" not in asked)
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def _described(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema, its description moved out of it; a parameter that is left out is not sent as null."""
    plain = {name: value for name, value in schema.items() if name != "default" or value is not None}
    choices = [one for one in plain.get("anyOf", []) if one.get("type") != "null"]
    if len(choices) == 1:
        plain = choices[0] | {name: value for name, value in plain.items() if name != "anyOf"}
    description = plain.pop("description", None)
    return {"schema": plain} | ({"description": description} if description else {})


def _headers(one: Operation) -> list[dict[str, Any]]:
    if one.media == "text/event-stream" and "{any_id" in one.path:
        return [_header("Last-Event-ID", "The id of the last event that was received; browsers send it themselves.")]
    if one.method == "GET":
        return (
            [_header("If-None-Match", "The ETag of what the caller has: 304 where there is nothing new.")]
            if (304 in one.answers)
            else []
        )
    return [_header("Idempotency-Key", "The same key and body within 24 hours do the same thing once.", 1000)]


def _session_parameter(name: str, place: str) -> dict[str, Any]:
    about = "The session in which the request acts; else that of the browser's cookie, else default.yaml."
    return {"name": name, "in": place, "required": False, "description": about, "schema": SESSION_ID}


def _header(name: str, about: str, longest: int | None = None) -> dict[str, Any]:
    limits = {} if longest is None else {"minLength": 1, "maxLength": longest, "pattern": "^[ -~]*[!-~][ -~]*$"}
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": about,
        "schema": {"type": "string", **limits},
    }


def _kinds(one: Operation) -> list[Any]:
    return [kind for kind in (one.takes, *one.answers.values()) if kind is not None]


def _schema(kind: Any) -> dict[str, Any]:
    (schema,), _ = msgspec.json.schema_components([kind], ref_template=REFERENCE)
    return dict(schema)


def _has_required(kind: Any) -> bool:
    is_record = isinstance(kind, type) and issubclass(kind, msgspec.Struct)
    return is_record and any(field.required for field in msgspec.structs.fields(kind))
