"""Pages of a listing: how far, how many, and the cursor of the next one."""

from __future__ import annotations

from typing import Annotated, Any, Generic, TypeVar

import msgspec

from headway.model.job import Page
from headway.server.operation import Answer

T = TypeVar("T")

Limit = Annotated[int, msgspec.Meta(ge=1, le=1000, description="Entries of the page.")]
After = Annotated[str, msgspec.Meta(description="The `next` of the page before.")]


def answer(name: str, page: Page[Any], **more: Any) -> Answer:
    """A page as an object: its entries under their name, and the cursor of the page after it."""
    return Answer({name: list(page), "next": page.next, **more}, tagged=True, weak=True)


class Paged(msgspec.Struct, Generic[T]):
    """What pages look like, for the documents."""

    next: str | None
