"""Lists by a query and in each order, counts by a query, and what a text may mean."""

from __future__ import annotations

import pytest

import headway
from headway import BadQuery, Context, Headway, Hit, InvalidInput, Job
from headway.testing import Clock
from headway.tracker import ordering


@headway.job("finding.done")
def finish(ctx: Context, message: str = "") -> None:
    """Completes, or fails with a message."""
    if message:
        raise ValueError(message)


@pytest.fixture
def jobs(hw: Headway, clock: Clock) -> list[Job]:
    """Six jobs, a second apart: completed, failed, cancelled, paused, pending, and one below the first."""
    first = hw.submit(finish, name="Nightly import", labels={"site": "a"}, category="media")
    hw.work_until_idle()
    clock.advance(1)
    broken = hw.submit(finish, {"message": "no such table: users"}, name="Import of users", labels={"site": "b"})
    hw.work_until_idle()
    clock.advance(1)
    stopped = hw.submit("nobody", name="50% of_it", context_id="vm-7")
    hw.cancel(stopped)
    clock.advance(1)
    paused = hw.submit("nobody", labels={"site": "a", "env": "prod"})
    hw.pause(paused)
    waiting = hw.submit("elsewhere", external_id={"gui": "gui-1234"}, idempotency_key="key of gui")
    below = hw.submit("nobody", parent=first)
    return [hw.get(job) for job in (first, broken, stopped, paused, waiting, below)]


QUERIES = {
    "": [6, 5, 4, 3, 2, 1], "state:failed,paused": [4, 2], "-state:pending": [4, 3, 2, 1], "is:active": [6, 5, 4],
    "is:ended": [3, 2, 1], "type:nobody,elsewhere": [6, 5, 4, 3], "-type:nobody": [5, 2, 1], "name:import": [2, 1],
    "-name:import": [6, 5, 4, 3], "name:%": [3], "label.site:a": [4, 1], "label.site:a,b": [4, 2, 1],
    "label.site:a label.env:prod": [4], "-label.site:a": [6, 5, 3, 2], "context:vm-7": [3], "category:media": [1],
    "error:table": [2], "error:error": [2], "parent:1": [6], "root:1": [6], "id:1,3,99": [3, 1], "id:gui-1234": [5],
    "import users": [2], '"import of"': [2], "session:default": [6, 5, 4, 3, 2, 1], "session:other": [],
    "gui-1234": [5], "vm-7": [3], "vm-7 50%": [3], "50% vm-7 of_it nobody": [3], "vm-7 import": [], "gui-123": [],
    "state:completed type:nobody": [], "-session:default.yaml": [], "type:nobody state:paused,cancelled": [4, 3],
}  # fmt: skip


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query or "nothing")
def test_a_query_means_the_same_everywhere(hw: Headway, jobs: list[Job], query: str) -> None:
    """A listing and its counts agree on what a query means."""
    found = hw.jobs(q=query)
    assert [job.number for job in found] == QUERIES[query]
    assert sum(hw.counts(q=query).values()) == len(found)


def test_what_came_of_a_job_is_found(hw: Headway, jobs: list[Job]) -> None:
    """S4.26: every job that was begun anew from one, the newest first, however often it was."""
    hw.restart(2)
    hw.restart(2)
    hw.restart(1)
    assert [job.number for job in hw.jobs(q="restarted_from:2")] == [8, 7]
    assert hw.jobs(q="restarted_from:8") == []


def test_a_query_and_filters_both_hold(hw: Headway, jobs: list[Job]) -> None:
    """Filters beside a query narrow it, also where they speak of the same field."""
    assert [job.number for job in hw.jobs(q="state:failed,paused", state=["paused", "pending"])] == [4]
    assert hw.jobs(q="type:nobody", type="elsewhere") == []
    assert [job.number for job in hw.jobs(q="label.site:a,b", labels={"site": ["b", "c"]})] == [2]
    assert hw.jobs(q="label.site:a", labels={"site": "b"}) == []
    assert [job.number for job in hw.jobs(q="import", text="users")] == [2]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("-created", [6, 5, 4, 3, 2, 1]), ("created", [1, 2, 3, 4, 5, 6]), ("-ended", [6, 5, 4, 3, 2, 1]),
        ("-started", [6, 5, 4, 3, 2, 1]),
    ],
)  # fmt: skip
def test_each_order_goes_on_page_by_page(hw: Headway, jobs: list[Job], sort: str, order: list[int]) -> None:
    """Pages of any length put together give each job once, in order; what has no such time yet comes first."""
    for limit in (1, 2, 4, 6, 7):
        assert [job.number for job in hw.jobs(sort=sort, limit=limit).all()] == order


def test_what_ended_last_comes_first(hw: Headway, clock: Clock) -> None:
    """-ended and -started go by those times, not by when a job was submitted; a filter of labels leaves them so."""
    for _ in range(4):
        hw.submit("nobody", labels={"site": "a"})
    for number in (3, 1, 4):
        clock.advance(1)
        hw.cancel(number)
    assert [job.number for job in hw.jobs(sort="-ended", limit=1).all()] == [2, 4, 1, 3]
    assert [job.number for job in hw.jobs(sort="-ended", labels={"site": "a"}, limit=2).all()] == [2, 4, 1, 3]
    assert [job.number for job in hw.jobs(sort="-ended", active=False)] == [4, 1, 3]


def test_a_set_of_jobs_is_read_at_once(hw: Headway, jobs: list[Job]) -> None:
    """ids: those that are there, in the order of the listing; anything but whole ids is refused."""
    missing = jobs[0].id[:-1] + ("1" if jobs[0].id.endswith("0") else "0")
    assert [job.number for job in hw.jobs(ids=[jobs[1].id, missing, jobs[4].id])] == [5, 2]
    assert hw.jobs(ids=[]) == []
    with pytest.raises(InvalidInput, match="no whole id"):
        hw.jobs(ids=["17"])
    with pytest.raises(InvalidInput, match="a listing takes 100"):
        hw.jobs(ids=[jobs[0].id] * 101)


def test_a_wrong_query_is_refused_with_its_place(hw: Headway) -> None:
    """Lists and counts say which characters of a query are wrong, and what should stand there."""
    for ask in (lambda: hw.jobs(q="type:a stat:b"), lambda: hw.counts(q="type:a stat:b")):
        with pytest.raises(BadQuery, match="Did you mean state") as refused:
            ask()
        assert (refused.value.at, refused.value.expected[:17]) == ((7, 13), "one of the fields")
    with pytest.raises(InvalidInput, match="sort="):
        hw.jobs(sort="name")


SORTS = ["-created", "created", "-ended", "-started"]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("limit", [1, 4])
def test_a_cursor_is_of_its_order(hw: Headway, jobs: list[Job], sort: str, limit: int) -> None:
    """The next of one order says nothing under another one, and is refused there, wherever it lies."""
    cursor = hw.jobs(sort=sort, limit=limit).next
    for other in SORTS:
        if other != sort:
            with pytest.raises(InvalidInput, match="no cursor"):
                hw.jobs(sort=other, after=cursor)


@pytest.mark.parametrize(
    "after", ["x~y", "nonsense", "nan~{id}", "-ended~nan~{id}", "-ended~", "-ended~1.5~x", "1.5~{id}"]
)
@pytest.mark.parametrize("sort", ["-created", "-ended"])
def test_what_is_no_cursor_is_refused(hw: Headway, jobs: list[Job], sort: str, after: str) -> None:
    """Only the next of a page names a place in a listing."""
    with pytest.raises(InvalidInput, match="no cursor"):
        hw.jobs(sort=sort, after=after.format(id=jobs[0].id))


def test_a_look_through_texts_is_bounded(hw: Headway, jobs: list[Job], monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of words ends after so many jobs, also where it found none, and has a cursor behind them."""
    monkeypatch.setattr(ordering, "LOOKED_THROUGH", 2)
    first = hw.jobs(q="nightly")
    assert (list(first), first.next) == ([], jobs[3].id)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("query", ["nightly", "name:import", "-type:x o"])
def test_bounded_looks_give_each_job_once(
    hw: Headway, jobs: list[Job], monkeypatch: pytest.MonkeyPatch, sort: str, query: str
) -> None:
    """Put together, pages that end early have the jobs and the order of those that do not, in every order."""
    whole = [job.number for job in hw.jobs(q=query, sort=sort)]
    for bound in (0, 1, 2, 3):
        monkeypatch.setattr(ordering, "LOOKED_THROUGH", bound)
        assert [job.number for job in hw.jobs(q=query, sort=sort, limit=2).all()] == whole


def kinds(hits: list[Hit]) -> list[tuple[str, int | None]]:
    """What was found."""
    return [(hit.kind, hit.number) for hit in hits]


def test_16_every_kind_of_id_leads_to_its_job(hw: Headway, jobs: list[Job]) -> None:
    """ux 16: each id comes first, exact, and without what only looks like it."""
    worker = hw.get(jobs[0]).found_by and hw.attempts(1)[0].worker
    expected = {
        "2": ("job", 2), "#2": ("job", 2), jobs[1].id: ("job", 2), jobs[1].id[-6:]: ("job", 2),
        "1": ("job", 1), "1#1": ("attempt", 1), "1/1": ("attempt", 1), f"{jobs[0].id}#1": ("attempt", 1),
        "gui-1234": ("external key", 5), "gui:gui-1234": ("external key", 5), "vm-7": ("context id", 3),
        "key of gui": ("idempotency key", 5), "default.yaml": ("session", None), str(worker): ("worker", None),
    }  # fmt: skip
    for text, first in expected.items():
        hits = hw.search(text).hits
        assert kinds(hits)[:1] == [first], text
        assert all(hit.exact for hit in hits), text


def test_the_jobs_below_one_are_told_with_it(hw: Headway, jobs: list[Job]) -> None:
    """A job that has children is followed by a hit for them."""
    assert kinds(hw.search("1").hits) == [("job", 1), ("parent", 1)]
    assert kinds(hw.search("2").hits) == [("job", 2)]


def test_beginnings_of_ids_are_found(hw: Headway, jobs: list[Job]) -> None:
    """Four characters of the beginning are enough: of a job's id, an external id, a context, a session."""
    assert kinds(hw.search(jobs[0].id[:8], limit=3).hits) == [("job", 6), ("job", 5), ("job", 4)]
    assert kinds(hw.search("gui-").hits) == [("external key", 5)]
    assert kinds(hw.search("vm-7").hits) == [("context id", 3)]
    assert kinds(hw.search("defau").hits) == [("session", None)]
    assert hw.search("gui").hits == []


def test_16_an_unknown_id_offers_near_ones(hw: Headway, jobs: list[Job]) -> None:
    """ux 16: numbers beside it, ids with its beginning, names that hold it; five at most."""
    assert [hit.number for hit in hw.search("8").near] == [6, 5, 4, 3, 2]
    assert hw.search(jobs[2].id[:-1] + "z").near[0].number == 3
    assert [hit.number for hit in hw.search("nightly").near] == [1]
    assert hw.search("nothing like it").near == []


def test_an_id_of_two_jobs_gives_both(hw: Headway, jobs: list[Job]) -> None:
    """A text that means two jobs by different rules leads to either."""
    hw.alias(4, "2")
    assert kinds(hw.search("2").hits) == [("external key", 4), ("job", 2)]


@pytest.mark.parametrize("text", ["", " ", "x" * 600, "a\x00b"])
def test_what_can_be_no_id_is_refused(hw: Headway, text: str) -> None:
    """Nothing, NUL characters and very long texts are refused with a sentence."""
    with pytest.raises(InvalidInput):
        hw.search(text)
