"""Search: what a text may mean."""

from __future__ import annotations

from typing import Annotated

import msgspec

from headway.model.search import Found
from headway.server import documents
from headway.server.operation import Answer, Call, Operations
from headway.tracker.searching import MOST_HITS

SEARCH = Operations("Jobs")


class Sought(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is looked for."""

    q: Annotated[str, msgspec.Meta(min_length=1, description="Any id, or the beginning of one, from 4 characters on.")]
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_HITS)] = MOST_HITS


@SEARCH.add("GET", "/search", query=Sought, answers={200: Found}, shows=documents.FOUND)
def search(call: Call[Sought, None]) -> Answer:
    """What a text may mean: jobs by any of their ids, attempts, idempotency keys, sessions, workers, jobs below one.

    What has the text for a whole id is `exact`, and comes first and without what only begins so. `near`, where nothing
    answers to it: numbers beside it, ids that begin like it, names that hold it.
    """
    return Answer(call.hw.search(call.query.q, call.query.limit))
