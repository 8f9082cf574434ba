"""The job type headway.bulk: one verb for many jobs, each asked once, with what became of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

import headway
from headway import BadQuery, Headway, InvalidInput, Job, NotFound
from headway.cli.working import working
from headway.runtime.bulk import Many
from headway.store.records import JobRow

Each = Callable[[int], None]


@pytest.fixture
def each(monkeypatch: pytest.MonkeyPatch) -> Callable[[Each], None]:
    """Something is done before each job that a bulk job asks, with how many it has asked."""
    do, asked, counting = Many._do, list[str](), threading.Lock()

    def before(then: Each) -> None:
        def doing(many: Many, row: JobRow) -> dict[str, Any]:
            with counting:  # several are asked at once
                asked.append(row.id)
                n = len(asked)
            then(n)
            return do(many, row)

        monkeypatch.setattr(Many, "_do", doing)

    return before


def some(hw: Headway, n: int) -> None:
    """So many jobs that nobody runs, numbered from 1."""
    for _ in range(n):
        hw.submit("nobody")


def bulk(hw: Headway, verb: str, **given: Any) -> Job:
    """A bulk job that has run."""
    job = hw.submit("headway.bulk", {"verb": verb, **given})
    hw.work_until_idle()
    return hw.get(job)


def outcomes(hw: Headway, job: Job) -> dict[int, str]:
    """What became of each job, by its number."""
    return {item.value["number"]: item.state for item in hw.items(job, "jobs", limit=1000)}


def states(hw: Headway, kind: str = "nobody") -> list[str]:
    """The states of all jobs of a type, the first one first."""
    return [job.state for job in hw.jobs(type=kind, sort="created", limit=1000)]


def test_20_each_job_that_matches_has_an_outcome(hw: Headway) -> None:
    """ux 20: those that can are moved, the others are skipped with the reason, and all are counted."""
    some(hw, 4)
    hw.cancel(2)
    job = bulk(hw, "pause", q="type:nobody")
    assert job.result == {"done": 3, "skipped": 1, "failed": 0, "newcomers": {"count": 0, "numbers": []}}
    assert outcomes(hw, job) == {1: "done", 2: "skipped", 3: "done", 4: "done"}
    skipped = next(item for item in hw.items(job, "jobs") if item.state == "skipped")
    assert "is cancelled and can not be paused" in str(skipped.error)
    assert states(hw) == ["paused", "cancelled", "paused", "paused"]


def test_it_is_never_in_its_own_selection(hw: Headway) -> None:
    """An empty query means every job but the bulk job itself."""
    some(hw, 3)
    job = bulk(hw, "cancel", q="")
    assert (job.state, states(hw)) == ("completed", ["cancelled"] * 3)
    assert sorted(outcomes(hw, job)) == [1, 2, 3]


def test_named_jobs_are_asked_and_unknown_ids_are_told(hw: Headway) -> None:
    """ids may be any ids; one that means no job is skipped with what is wrong with it."""
    some(hw, 3)
    job = bulk(hw, "cancel", ids=[1, hw.get(2).id, "gui-17"], reason="not needed")
    assert job.result["done"] == 2
    assert states(hw) == ["cancelled", "cancelled", "pending"]
    lost = [item for item in hw.items(job, "jobs") if item.key == "gui-17"]
    assert "No job answers to 'gui-17'" in str(lost[0].error)
    assert hw.events(1)[-1].data["reason"] == "not needed"
    assert hw.events(1)[-1].data["via"] == f"headway.bulk {job.number}"


def test_19_what_matches_meanwhile_is_reported(hw: Headway, each: Callable[[Each], None]) -> None:
    """ux 19: a job that begins to match while others are asked is left alone, and told with a warning."""
    some(hw, 3)
    each(lambda n: some(hw, 2) if n == 1 else None)
    job = bulk(hw, "pause", q="type:nobody")
    assert job.result["newcomers"] == {"count": 2, "numbers": [6, 5]}
    assert states(hw) == ["paused"] * 3 + ["pending"] * 2
    assert job.warnings == 1


def test_what_came_after_a_job_is_left_alone(hw: Headway) -> None:
    """up_to: jobs that were submitted after that one count as newcomers."""
    some(hw, 5)
    job = bulk(hw, "cancel", q="type:nobody", up_to=3)
    assert states(hw) == ["cancelled"] * 3 + ["pending"] * 2
    assert job.result["newcomers"] == {"count": 2, "numbers": [5, 4]}


@pytest.mark.parametrize("at_work", [lambda hw: hw.worker(2), lambda hw: working(hw, 0)], ids=["worker", "serve"])
def test_a_small_one_does_not_wait_for_a_large_one(
    live: Headway, each: Callable[[Each], None], at_work: Callable[[Headway], AbstractContextManager[object]]
) -> None:
    """Bulk jobs run beside each other where slots are free, also where no other type has any."""
    begun, over = threading.Event(), threading.Event()

    def hold(number: int) -> None:
        if number == 1:
            begun.set()
            over.wait(150)

    each(hold)
    some(live, 2)
    with at_work(live):
        try:
            large = live.submit("headway.bulk", {"verb": "pin", "ids": [1]})
            assert begun.wait(60)
            small = live.submit("headway.bulk", {"verb": "pin", "ids": [2]})
            assert live.wait(small, timeout_s=60).state == "completed"
            assert live.get(large).state == "running"
        finally:
            over.set()


def test_its_rollback_takes_back_what_it_did(hw: Headway) -> None:
    """A bulk pause that is rolled back resumes the jobs that it has paused, and no other."""
    some(hw, 4)
    hw.pause(2)
    job = bulk(hw, "pause", q="type:nobody")
    hw.cancel(3)
    hw.rollback(job)
    hw.work_until_idle()
    assert hw.get(job).state == "rolled_back"
    assert states(hw) == ["pending", "paused", "cancelled", "pending"]


def test_a_cancel_has_nothing_to_take_back(hw: Headway) -> None:
    """What can not be taken back records no undo, so that no rollback is offered."""
    some(hw, 2)
    job = bulk(hw, "cancel", q="type:nobody")
    assert (job.undos, "rollback" in job.moves) == (0, False)


def test_children_count_as_asked_with_their_parent(hw: Headway) -> None:
    """A child that was moved with the job above it is done, not skipped."""
    top = hw.submit("nobody")
    below = [hw.submit("nobody", parent=top) for _ in range(3)]
    job = bulk(hw, "cancel", ids=[top.id, *(child.id for child in below)])
    assert job.result["done"] == 4


def test_it_pauses_and_goes_on_like_any_job(hw: Headway, each: Callable[[Each], None]) -> None:
    """A bulk job that is paused in between has asked some; resumed it asks the rest, and none twice."""
    some(hw, 40)
    job = hw.submit("headway.bulk", {"verb": "restart", "q": "type:nobody"})
    paused = threading.Event()

    def pause(n: int) -> None:
        if n == 5:
            hw.pause(job)
            paused.set()
        elif n > 5:  # else others might ask the rest before the pause is said
            assert paused.wait(60)

    each(pause)
    hw.work_until_idle()
    assert hw.get(job).state == "paused"
    assert 0 < len(states(hw)) - 40 < 40
    hw.resume(job)
    hw.work_until_idle()
    assert (hw.get(job).result["done"], len(states(hw))) == (40, 80)
    assert hw.get(job).result["newcomers"]["count"] == 0


@pytest.mark.parametrize(
    ("verb", "query", "done", "after"),
    [
        ("delete", "is:ended", 1, ["pending", "paused"]), ("resume", "", 1, ["cancelled", "pending", "pending"]),
        ("pin", "", 3, ["cancelled", "pending", "paused"]), ("unpin", "", 0, ["cancelled", "pending", "paused"]),
        ("retry", "", 0, ["cancelled", "pending", "paused"]), ("rollback", "", 0, ["cancelled", "pending", "paused"]),
    ],
)  # fmt: skip
def test_every_verb_is_done_or_refused_job_by_job(
    hw: Headway, verb: str, query: str, done: int, after: list[str]
) -> None:
    """Each verb does what it does alone; what it can not move is skipped."""
    some(hw, 3)
    hw.cancel(1)
    hw.pause(3)
    job = bulk(hw, verb, q=f"type:nobody {query}")
    assert (job.state, job.result["done"], job.result["failed"]) == ("completed", done, 0)
    assert states(hw) == after


def test_a_wrong_input_is_refused_before_it_is_stored(hw: Headway) -> None:
    """Unknown verbs, no selection, two of them, and queries that can not be read are refused at once."""
    for given in ({"verb": "explode", "q": ""}, {"verb": "pause"}, {"verb": "pause", "q": "", "ids": [1]},
                  {"verb": "pause", "ids": []}, {"verb": "pause", "q": "", "more": 1}):  # fmt: skip
        with pytest.raises(InvalidInput, match=r"headway\.bulk"):
            hw.submit("headway.bulk", given)
    with pytest.raises(BadQuery):
        hw.submit("headway.bulk", {"verb": "pause", "q": "stat:failed"})
    assert hw.jobs() == []


@pytest.mark.parametrize("name", ["headway.mine", "Headway.bulk", "HEADWAY.x", "headway.bulk "])
def test_the_prefix_is_headways_own(hw: Headway, name: str) -> None:
    """Types of users can not begin with headway. in whatever case, neither registered nor submitted."""
    with pytest.raises(InvalidInput, match="Headway's own"):
        headway.job(name)
    with pytest.raises(InvalidInput, match="Headway's own"):
        hw.submit(name)


@pytest.mark.parametrize("name", ["up_to", "of"])
def test_a_single_job_that_is_named_must_be_there(hw: Headway, name: str) -> None:
    """Any id names it, and one that means nothing is refused before anything is stored."""
    first = hw.submit("nobody")
    given: dict[str, Any] = {"verb": "pin", "q": ""} if name == "up_to" else {"verb": "pin"}
    for wrong, problem in ((f"{first.number + 7}", NotFound), ("nonsense", NotFound), ("", InvalidInput)):
        with pytest.raises(problem):
            hw.submit("headway.bulk", {**given, name: wrong})
    assert len(hw.jobs()) == 1


def test_what_another_job_has_done_is_a_bulk_jobs(hw: Headway) -> None:
    """of: a bulk job by any id, also its number; any other job is refused."""
    some(hw, 2)
    pinned = bulk(hw, "pin", q="type:nobody")
    assert bulk(hw, "unpin", of=pinned.number).result["done"] == 2
    with pytest.raises(InvalidInput, match=r"no headway\.bulk"):
        hw.submit("headway.bulk", {"verb": "unpin", "of": 1})


def test_up_to_narrows_queries_alone(hw: Headway) -> None:
    """Beside ids, which say themselves what is meant, it is refused."""
    some(hw, 2)
    with pytest.raises(InvalidInput, match="up_to"):
        hw.submit("headway.bulk", {"verb": "pin", "ids": [1, 2], "up_to": 1})


def test_an_id_that_can_be_none_is_skipped(hw: Headway) -> None:
    """One that is far too long, or empty, is told with its reason, and the others are asked."""
    some(hw, 1)
    job = bulk(hw, "pin", ids=["x" * 5000, "x" * 5000 + "y", "", -1, 2**62, 1])
    assert (job.state, job.result["done"], job.result["skipped"]) == ("completed", 1, 5)
    assert all(item.error for item in hw.items(job, "jobs") if item.state == "skipped")


def test_it_takes_no_place_of_its_session(hw: Headway) -> None:
    """Acting on the jobs of a session that is full need not wait for one of them to end."""
    hw.create_session("acme", concurrency=1)
    one = hw.submit("nobody", session="acme")
    job = hw.submit("headway.bulk", {"verb": "cancel", "ids": [one.id]}, session="acme")
    with hw.tracked("Own work", session="acme", show=False):
        hw.work_until_idle()
        assert hw.get(job).state == "completed"
