"""Which jobs are meant: what a listing, a stream and a subscription have in common."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from headway.errors import InvalidInput
from headway.server.asked import check_depth

Sort = Literal["-created", "created", "-ended", "-started"]


class Common(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Filters of jobs that are given by one text each. Those that are given all hold."""

    type: str | None = None
    session: str | None = None
    category: str | None = None
    context_id: str | None = None
    text: (
        Annotated[
            str, msgspec.Meta(description="Part of the name, the type or the id; or a whole external or context id.")
        ]
        | None
    ) = None
    q: (
        Annotated[str, msgspec.Meta(description="A query: `state:failed,paused type:import -label.site:a words`.")]
        | None
    ) = None
    active: Annotated[bool, msgspec.Meta(description="True: open jobs; false: ended ones.")] | None = None
    sort: Annotated[
        Sort,
        msgspec.Meta(
            description="`-created`: the newest first; `-ended`: open jobs, then those that ended last; `-started`: "
            "what has not started, then what started last."
        ),
    ] = "-created"


class Chosen(Common, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Filters of jobs as a query of an address has them."""

    state: Annotated[list[str], msgspec.Meta(description="One of several states.")] = []
    label: Annotated[list[str], msgspec.Meta(description="`name:value`; several must all hold.")] = []
    labels: Annotated[str, msgspec.Meta(description="Choices of labels as JSON; instead of `label`.")] | None = None
    parent: Annotated[str, msgspec.Meta(description="Any id of the job above.")] | None = None
    root: Annotated[str, msgspec.Meta(description="Any id of the job at the top of a tree.")] | None = None
    ids: Annotated[str, msgspec.Meta(description="Whole ids with commas between them, 100 at most.")] | None = None

    def filters(self) -> dict[str, Any]:
        """What Headway.jobs takes. Raises InvalidInput."""
        given = {name: value for name, value in msgspec.structs.asdict(self).items() if name not in ("id", "label")}
        return given | {
            "state": self.state or None,
            "labels": _choices(self.labels) or labels_of(self.label) or None,
            "ids": None if self.ids is None else [one for one in self.ids.split(",") if one],
        }


def labels_of(given: list[str]) -> dict[str, str]:
    """Labels that are given as name:value. Raises InvalidInput."""
    pairs = [one.partition(":") for one in given]
    for (name, colon, _), one in zip(pairs, given, strict=True):
        if not name or not colon:
            raise InvalidInput(f"label={one[:60]!r}: expected name:value.")
    return {name: value for name, _, value in pairs}


def _choices(given: str | None) -> Any:
    """Labels as the verb takes them: an object, or a list of them. Raises InvalidInput."""
    if given is None:
        return None
    try:
        check_depth(given.encode())
        return msgspec.json.decode(given)
    except (msgspec.DecodeError, InvalidInput) as problem:
        raise InvalidInput(f"labels={given[:60]!r}: expected JSON; {problem}") from None
