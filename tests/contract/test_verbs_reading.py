"""Get, lists and pages: a job is found by whatever somebody knows it by, and every part of it can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

import headway
from headway import Ambiguous, Context, Headway, InvalidInput, Job, NotFound
from headway.store import sweeping
from headway.store.address import without_password
from headway.store.reporting import Entry
from headway.testing import Clock
from tests.contract.traces import Trace


@headway.job("reading.all")
def talk(ctx: Context) -> str:
    """A job that leaves something of everything."""
    ctx.plan("fetch", "copy")
    ctx.step("fetch", int)
    for n in range(30):
        ctx.log(f"line {n}", level="debug" if n % 2 else "info", n=n)
    ctx.warn("half of it")
    ctx.checkpoint(page=7)
    for _ in ctx.track(range(12), "copy", key=str):
        pass
    ctx.artifact("report.txt", b"all well")
    return "done"


@pytest.fixture
def told(hw: Headway) -> Job:
    """A job of which there is something to read."""
    job = hw.submit(talk)
    hw.work_until_idle()
    return hw.get(job)


IDS: dict[str, tuple[Callable[[Job], Any], str]] = {
    "a Job": (lambda job: job, "id"),
    "the whole id": (lambda job: job.id, "id"),
    "the id in capitals": (lambda job: job.id.upper(), "id"),
    "the exact id": (lambda job: f"id:{job.id}", "id"),
    "the number": (lambda job: job.number, "number"),
    "the number as text": (lambda job: str(job.number), "number"),
    "the exact number": (lambda job: f"number:{job.number}", "number"),
    "an external id": (lambda job: "gui-17", "gui"),
    "an external id of a namespace": (lambda job: "gui:gui-17", "gui"),
    "another external id": (lambda job: "op 1/2:x", "cloud"),
    "the context": (lambda job: "vm-7", "context"),
    "the exact context": (lambda job: "context:vm-7", "context"),
    "the last 6 characters": (lambda job: job.id[-6:], "tail"),
    "the last 12 in capitals": (lambda job: job.id[-12:].upper(), "tail"),
    "the newest": (lambda job: "@last", "newest"),
}


@pytest.mark.parametrize("what", IDS)
def test_a_job_is_found_by_every_id(hw: Headway, what: str) -> None:
    """Number, whole id or its end, external id, context id, exact forms: found_by tells the rule."""
    hw.submit("a", external_id="other", context_id="vm-8")
    job = hw.submit("a", external_id={"gui": "gui-17", "cloud": "op 1/2:x"}, context_id="vm-7")
    any_id, rule = IDS[what]
    found = hw.get(any_id(job))
    assert (found.id, found.found_by) == (job.id, rule)


@pytest.mark.parametrize("any_id", ["17", 17, "number:17", "gui:17", "context:17", "abcdef", "no such job", "id:17"])
def test_an_id_of_nothing_is_an_error(hw: Headway, any_id: Any) -> None:
    """Rule 10: NotFound names what was asked and the database that was looked into."""
    with pytest.raises(NotFound) as refused:
        hw.get(any_id)
    assert str(any_id) in str(refused.value)
    assert without_password(hw.url) in str(refused.value)


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
def test_a_password_is_in_no_message(url: str) -> None:
    """Rule 11: the address that an error names has no password."""
    secret = f"{url}{'&' if '?' in url else '?'}sslpassword=c4n4ry"  # one that no server asks for
    with Headway(secret) as hw, pytest.raises(NotFound, match="postgresql://") as refused:
        hw.get("no such job")
    assert "c4n4ry" not in str(refused.value)


def test_what_is_nearly_right_is_proposed(hw: Headway) -> None:
    """NotFound helps: a name like the one asked for, and how long the end of an id must be."""
    job = hw.submit("a", name="Transfer")
    with pytest.raises(NotFound, match="Near it: Transfer"):
        hw.get("Transfr")
    with pytest.raises(NotFound, match="6 or more"):
        hw.get(job.id[-5:])


@pytest.mark.parametrize("any_id", ["", "x" * 513, "a\x00b", 0.5, None, b"gui-17"])
def test_what_can_be_no_id_is_refused(hw: Headway, any_id: Any) -> None:
    """An id is a text, a number or a Job; anything else is InvalidInput or found nowhere, and never an accident."""
    hw.submit("a", external_id="gui-17")
    with pytest.raises((InvalidInput, NotFound)):
        hw.get(any_id)


def test_no_id_is_not_looked_for(hw: Headway) -> None:
    """None is no id: a variable that was never set does not read as the name of a job."""
    with pytest.raises(InvalidInput, match="found nothing"):
        hw.get(None)  # type: ignore[arg-type]


def test_two_ids_with_one_end_are_ambiguous(trace: Trace) -> None:
    """The last characters of two jobs' ids are not guessed; both whole ids are named."""
    jobs = [trace.submit(), trace.submit()]
    trace.sql("UPDATE jobs SET name = 'twin' WHERE id = ?", jobs[0])
    twin = f"{jobs[0][:-8]}{jobs[1][-8:]}"
    trace.twin(jobs[0], twin)
    with pytest.raises(Ambiguous) as refused:
        trace.hw.get(jobs[1][-8:])
    assert {job for _, job in refused.value.candidates} == {twin, jobs[1]}
    assert trace.hw.get(f"id:{twin}").id == twin


def test_an_external_id_may_look_like_anything(hw: Headway) -> None:
    """Colons, slashes, spaces, hexadecimal and other alphabets are no obstacle."""
    for text in ("a:b", "a/b?c#d", "two words", "deadbeef", "12:30", "値", "%_'\"\\"):
        job = hw.submit("a", external_id=text)
        assert hw.get(text).id == job.id
        assert hw.get(f"external:{text}").id == job.id


@pytest.fixture
def many(hw: Headway) -> dict[str, Job]:
    """Jobs that differ in one thing each."""
    jobs = {
        "plain": hw.submit("plain"),
        "category": hw.submit("plain", category="migration"),
        "labels": hw.submit("plain", labels={"customer": "acme", "env": "prod"}),
        "label": hw.submit("plain", labels={"customer": "acme"}),
        "context": hw.submit("plain", context_id="vm-7"),
        "name": hw.submit("plain", name="Überführung 100% of_site"),
        "type": hw.submit("site.Transfer"),
        "ended": hw.cancel(hw.submit("plain")),
        "paused": hw.pause(hw.submit("plain")),
    }
    return jobs | {"child": hw.submit("plain", parent=jobs["paused"])}


FILTERS: list[tuple[dict[str, Any], set[str]]] = [
    ({"category": "migration"}, {"category"}),
    ({"labels": {"customer": "acme"}}, {"labels", "label"}),
    ({"labels": {"customer": "acme", "env": "prod"}}, {"labels"}),
    ({"labels": {"customer": "other"}}, set()),
    ({"context_id": "vm-7"}, {"context"}),
    ({"type": "site.Transfer"}, {"type"}),
    ({"state": "paused"}, {"paused"}),
    ({"state": ["paused", "cancelled"]}, {"paused", "ended"}),
    ({"state": "cancelled", "active": True}, set()),
    ({"active": False}, {"ended"}),
    ({"text": "SITE.trans"}, {"type"}),
    ({"text": "Überführung"}, {"name"}),
    ({"text": "100%"}, {"name"}),
    ({"text": "of_site"}, {"name"}),
    ({"text": "of site"}, set()),
    ({"text": "_"}, {"name"}),
    ({"session": "default.yaml", "type": "site.Transfer"}, {"type"}),
    ({"session": "shop"}, set()),
]


@pytest.mark.parametrize(("filters", "expected"), FILTERS, ids=[str(filters) for filters, _ in FILTERS])
def test_a_list_holds_what_fits_every_filter(
    hw: Headway, many: dict[str, Job], filters: dict[str, Any], expected: set[str]
) -> None:
    """Filters are joined by and; the newest job comes first."""
    names = {job.id: name for name, job in many.items()}
    found = [names[job.id] for job in hw.jobs(**filters)]
    assert set(found) == expected
    assert found == [name for name in list(many)[::-1] if name in expected]


def test_a_list_of_children_is_of_one_parent(hw: Headway, many: dict[str, Job]) -> None:
    """parent takes any id."""
    assert [job.id for job in hw.jobs(parent=many["paused"].number)] == [many["child"].id]


def test_active_are_the_open_ones(hw: Headway, many: dict[str, Job]) -> None:
    """Every job is in one of two lists: open and ended."""
    opened, ended = hw.jobs(active=True), hw.jobs(active=False)
    assert {job.id for job in opened} | {job.id for job in ended} == {job.id for job in many.values()}
    assert all(job.ended_at is None for job in opened)
    assert len(opened) + len(ended) == len(hw.jobs(active=None)) == len(many)


@pytest.mark.parametrize(
    "given", [{"state": "done"}, {"limit": 0}, {"limit": 10_001}, {"labels": {str(n): "x" for n in range(5)}}], ids=str
)
def test_a_filter_that_can_not_be_is_refused(hw: Headway, given: dict[str, Any]) -> None:
    """InvalidInput says what is expected, instead of an empty list."""
    with pytest.raises(InvalidInput, match=r"expected|at most"):
        hw.jobs(**given)


def _pages(read: Callable[..., Any], limit: int) -> list[Any]:
    """A listing page by page, by its cursor."""
    pages = [read(limit=limit)]
    while pages[-1].next is not None:
        assert len(pages[-1]) == limit
        kind = type(read(limit=1)[0]).__name__
        after: Any = int(pages[-1].next) if kind in ("Event", "Attempt") else pages[-1].next
        pages.append(read(limit=limit, after=after))
    return [row for page in pages for row in page]


@pytest.mark.parametrize("limit", [1, 3, 4, 12, 50])
def test_pages_hold_every_row_once(hw: Headway, told: Job, limit: int) -> None:
    """A listing by pages of any size, by .next or by .all(), is the whole listing in order."""
    readings: list[Callable[..., Any]] = [
        lambda **given: hw.events(told, **given),
        lambda **given: hw.logs(told, **given),
        lambda **given: hw.attempts(told, **given),
        lambda **given: hw.items(told, "copy", **given),
    ]
    for read in readings:
        whole = read(limit=1000)
        assert whole.next is None
        assert len(whole) > 0
        assert _pages(read, limit) == list(read(limit=limit).all()) == list(whole)


def test_pages_of_jobs_hold_every_job_once(hw: Headway) -> None:
    """The cursor of a list of jobs is kept with its filters; what is new since the first page is not in between."""
    ids = hw.submit_many("a", [{}] * 23)
    hw.submit_many("b", [{}] * 5)
    first = hw.jobs(type="a", limit=10)
    hw.submit("a")
    assert [job.id for job in first.all()] == ids[::-1]
    assert [job.id for job in hw.jobs(type="a", state=["pending", "running"], limit=7).all()][1:] == ids[::-1]


def test_a_page_is_a_list(hw: Headway) -> None:
    """It can be indexed, counted and compared; the last one has no next."""
    job = hw.submit("a")
    page = hw.jobs()
    assert (page[0].id, len(page), page.next, list(page.all())) == (job.id, 1, None, [page[0]])
    assert isinstance(page, list)


def test_the_history_tells_everything(hw: Headway, told: Job) -> None:
    """Moves, steps, warnings and log lines are numbered together; log lines can be left out."""
    events = hw.events(told, 1000)
    assert [event.seq for event in events] == list(range(1, told.events + 1))
    assert {event.kind for event in events} == {"move", "step", "warning", "log"}
    assert [event.name for event in events if event.kind == "move"] == ["submit", "claim", "finish"]
    assert list(hw.events(told, 1000, logs=False)) == [event for event in events if event.kind != "log"]


def test_log_lines_have_level_and_attributes(hw: Headway, told: Job) -> None:
    """Lines are read oldest first, by level where asked; the last ones in the same order."""
    lines = hw.logs(told, 100)
    assert [line.data["n"] for line in lines] == list(range(30))
    assert (lines[1].name, lines[1].data["text"]) == ("debug", "line 1")
    assert [line.data["n"] for line in hw.logs(told, 100, levels=["debug"])] == list(range(1, 30, 2))
    assert hw.last_logs(told, 3) == list(lines[-3:])


@pytest.mark.parametrize("verb", ["logs", "log_matches"])
def test_a_level_that_there_is_not_is_refused(hw: Headway, told: Job, verb: str) -> None:
    """It is named with those that there are; no level at all is nothing, and no mistake."""
    with pytest.raises(InvalidInput, match=r"level='loud': expected debug, info, warning, error, critical"):
        getattr(hw, verb)(told, levels=["info", "loud"])
    assert not hw.logs(told, levels=[])


def test_steps_show_the_plan_in_order(hw: Headway, told: Job) -> None:
    """Steps have state, weight, attempt and times."""
    fetch, copy = hw.steps(told)
    assert (fetch.name, fetch.state, fetch.attempt, copy.name, copy.state) == (
        "fetch",
        "completed",
        1,
        "copy",
        "completed",
    )
    assert fetch.started_at
    assert fetch.ended_at


def test_attempts_tell_worker_and_outcome(hw: Headway, told: Job) -> None:
    """Each attempt has its runner, its times and the move that ended it."""
    (attempt,) = hw.attempts(told)
    assert (attempt.attempt, attempt.outcome, attempt.error) == (1, "finish", None)
    assert attempt.worker
    assert attempt.ended_at


def test_items_are_read_by_state(hw: Headway, told: Job) -> None:
    """The members of a ledger come by key, all or those of one state."""
    assert sorted(item.key for item in hw.items(told, "copy")) == sorted(str(n) for n in range(12))
    assert hw.items(told, "copy", state="failed") == []
    assert hw.items(told, "no such ledger") == []


def test_a_checkpoint_is_state_and_cursors(hw: Headway, told: Job) -> None:
    """What a job goes on from can be read by anybody."""
    saved = hw.checkpoint(told)
    assert saved["state"] == {"page": 7}
    assert saved["cursors"]["copy"]["done"] == 12


def test_an_artifact_is_read_by_name(hw: Headway, told: Job) -> None:
    """The bytes that were handed over; NotFound names what there is."""
    assert hw.artifact(told, "report.txt") == b"all well"
    with pytest.raises(NotFound, match=r"report\.txt"):
        hw.artifact(told, "invoice.pdf")


def test_a_snapshot_can_be_written_as_json(hw: Headway, told: Job) -> None:
    """to_dict has plain values only, times as text in UTC."""
    plain = hw.get(told).to_dict()
    assert (plain["state"], plain["result"], plain["created_at"]) == ("completed", "done", "2026-01-01T00:00:00Z")
    assert plain["progress"]["percent"] == 100
    parts: Iterable[Any] = (hw.events(told)[0], hw.steps(told)[0], hw.items(told, "copy")[0], hw.attempts(told)[0])
    assert all(isinstance(part.to_dict(), dict) for part in parts)


def test_a_snapshot_does_not_change(hw: Headway) -> None:
    """A Job says what was, as of its reading; the next reading tells more."""
    job = hw.submit("a")
    hw.cancel(job)
    assert (job.state, hw.get(job).state) == ("pending", "cancelled")
    with pytest.raises(AttributeError):
        job.state = "completed"  # type: ignore[misc]


@pytest.mark.parametrize("verb", ["events", "logs", "steps", "attempts", "checkpoint", "children", "last_logs"])
def test_reading_of_no_job_is_an_error(hw: Headway, verb: str) -> None:
    """Rule 10: an unknown id is never an empty answer."""
    with pytest.raises(NotFound):
        getattr(hw, verb)("no such job")


@pytest.mark.usefixtures("beside_the_store")
def test_opening_a_database_sweeps_it(url: str, clock: Clock) -> None:
    """B19: a job whose process has gone is found lost by whoever opens the database next."""
    with Headway(url, clock=clock) as first:
        trace = Trace(first, clock)
        job = trace.begin()
    clock.advance(31)
    with Headway(url, clock=clock) as second:
        assert second.get(job).state == "interrupted"


def test_workers_are_shown_while_they_are_seen(hw: Headway, clock: Clock) -> None:
    """A worker tells where it runs and what it can; after half a minute of silence it is not shown."""
    hw.work_until_idle()
    (worker,) = hw.workers()
    assert "reading.all" in worker.types
    assert (worker.slots, worker.queues) == (1, ["default"])
    clock.advance(31)
    assert hw.workers() == []


def test_old_workers_and_keys_are_forgotten(hw: Headway, trace: Trace, clock: Clock) -> None:
    """After a day without a word a worker's row goes, and so does a key of that age; not sooner."""
    hw.work_until_idle()
    hw.submit("a", idempotency_key="k")
    for passed, left in ((86_399, 1), (2, 0)):
        clock.advance(passed)
        sweeping.forget_old(trace.database)
        assert trace.sql("SELECT count(*) FROM workers")[0][0] == left
        assert trace.sql("SELECT count(*) FROM idempotency")[0][0] == left


def test_a_log_line_keeps_its_own_time(trace: Trace) -> None:
    """A line's time is when it was said, not when it was stored."""
    job = trace.begin()
    said = trace.database.now() - 3
    trace.report(job, 1, 1, entries=[Entry("log", "info", said, '{"text":"then"}')])
    assert trace.hw.logs(job)[0].at.timestamp() == said
