"""What is asked and answered, as it goes over the wire: arguments as paths, queries and bodies, answers as records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from headway.errors import InvalidInput
from headway.model.ids import RESERVED
from headway.model.job import Job
from headway.model.value import BadValue, encode
from headway.tracker import asking, lookup, submission, workspace
from headway.tracker.connection import AnyId
from headway.tracker.wire import part

R = TypeVar("R")


def place(any_id: AnyId) -> tuple[str, dict[str, str]]:
    """Path and query by which a job is read. An id that can not stand in a path stands in the query."""
    text = id_text(any_id)
    if "/" in text or not text.strip(".") or text.lower() in RESERVED:
        return "/lookup", {"id": text}
    return f"/jobs/{part(text)}", {}


def id_text(any_id: AnyId) -> str:
    return f"id:{any_id.id}" if isinstance(any_id, Job) else lookup.asked(any_id)


def session_path(id: Any) -> str:
    return f"/sessions/{part(workspace.session_id(id))}"


def cursor(after: Any) -> str | None:
    return None if after is None else asking.text(after, "after")


def moment(at: Any) -> str | None:
    asking.moment(at, "since")
    return None if at is None else str(at.isoformat())


def number(after: Any) -> str:
    return str(asking.number(after, "after"))


def lists(labels: Any) -> Any:
    """Labels with lists where sets and tuples may stand."""
    if isinstance(labels, Mapping):
        return {name: value if isinstance(value, str) else list(value) for name, value in labels.items()}
    return [lists(one) for one in labels]


def config(given: Any) -> msgspec.Raw | None:
    if given is None:
        return None
    if not isinstance(given, Mapping):
        workspace.config_text("", given)  # says what is wrong with it
    return msgspec.Raw(submission.sent_input(given, "the configuration").encode())


def body(asked: Mapping[str, Any] | list[Any]) -> bytes:
    """A body; what is None is left out. Raises InvalidInput for what is no JSON."""
    given = {name: value for name, value in asked.items() if value is not None} if isinstance(asked, Mapping) else asked
    try:
        return encode(given, "what was asked").encode()
    except BadValue as problem:
        raise InvalidInput(f"{problem}.") from None


def read(content: bytes | None, kind: type[R]) -> R:
    return msgspec.json.decode(content or b"null", type=kind)


def entries(content: bytes | None, name: str, kind: type[R]) -> tuple[list[R], str | None]:
    """The entries of a page, and the cursor of the next one."""
    page = read(content, dict[str, msgspec.Raw])
    return msgspec.json.decode(page[name], type=list[kind]), read(bytes(page["next"]), str | None)  # type: ignore[valid-type,arg-type]
