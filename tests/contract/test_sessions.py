"""Sessions: made, found, saved version by version, closed; what is refused of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import headway
from headway import Conflict, Context, Headway, InvalidInput, NotFound, SessionBusy, Unstorable
from headway.store import sweeping
from headway.testing import Clock
from tests.contract.traces import Trace


def test_a_session_is_what_it_was_made_with(hw: Headway) -> None:
    """S2.7: id, owner, configuration, job type and concurrency are there at once, and in the list."""
    made = hw.create_session("acme", {"left": "cdh"}, "move", 3, owner="anna", idle_s=60, keep_s=3600)
    assert (made.id, made.owner, made.config, made.job_type, made.concurrency) == (
        "acme", "anna", {"left": "cdh"}, "move", 3,
    )  # fmt: skip
    assert (made.config_version, made.idle_s, made.keep_s, made.running, made.open_jobs) == (1, 60.0, 3600.0, 0, 0)
    assert hw.session("acme") == made
    assert made in hw.sessions()


def test_a_session_without_an_id_gets_one_that_can_not_be_guessed(hw: Headway) -> None:
    """S2.4: 128 random bits, and no two alike."""
    made = {hw.create_session().id for _ in range(20)}
    assert len(made) == 20
    assert all(one.startswith("session-") and len(one.removeprefix("session-")) == 32 for one in made)


def test_default_and_default_yaml_are_one_workspace(hw: Headway) -> None:
    """S2.5, S2.12: it is there from the start, under both names, and in the list."""
    hw.save_session("default", {"a": 1})
    assert hw.session("default.yaml").config == hw.session("default").config == {"a": 1}
    assert [one.id for one in hw.sessions()] == ["default.yaml"]
    assert hw.submit("x", session="default").session == hw.submit("x").session == "default.yaml"


@pytest.mark.parametrize("taken", ["acme", "default", "default.yaml"])
def test_an_id_that_is_taken_is_refused(hw: Headway, taken: str) -> None:
    """S2.7: Conflict, and the session that is there stays as it was."""
    hw.create_session("acme", {"a": 1})
    with pytest.raises(Conflict, match="already"):
        hw.create_session(taken, {"a": 2})
    assert hw.session("acme").config == {"a": 1}


@pytest.mark.parametrize(
    "id", ["list", "Current", "info", "debug", "", " ", "a/b", "..", "a\\b", " a", "a\nb", "x" * 256, 5, b"a"]
)
def test_words_that_can_be_no_id_are_refused(hw: Headway, id: Any) -> None:
    """S2.21: reserved words, and what no address can carry as one part."""
    verbs: list[Callable[[Any], object]] = [hw.create_session, hw.session, hw.start_session, hw.close_session]
    for refused in verbs:
        with pytest.raises(InvalidInput, match="session id"):
            refused(id)
    assert len(hw.sessions()) == 1


BAD: list[dict[str, Any]] = [
    {"config": [1]}, {"config": "a: 1"}, {"config": {"a": 1j}}, {"config": {"a": float("nan")}},
    {"concurrency": 0}, {"concurrency": -1}, {"concurrency": True}, {"concurrency": 1 << 31}, {"concurrency": "5"},
    {"job_type": ""}, {"job_type": "x" * 256}, {"idle_s": 0}, {"keep_s": -1}, {"owner": 5}, {"owner": "\x00"},
]  # fmt: skip


@pytest.mark.parametrize("given", BAD, ids=repr)
def test_a_session_of_bad_parts_is_refused(hw: Headway, given: dict[str, Any]) -> None:
    """Nothing of it is stored."""
    with pytest.raises(InvalidInput):
        hw.create_session("acme", **given)
    with pytest.raises(NotFound):
        hw.session("acme")


def test_each_save_is_a_version(hw: Headway, clock: Clock) -> None:
    """The configuration is replaced; who saved it, when and what for is kept, newest first."""
    hw.create_session("acme", {"a": 1})
    clock.advance(60)
    saved = hw.save_session("acme", {"b": 2}, version=1, note="the other cluster", concurrency=4)
    assert (saved.config, saved.config_version, saved.concurrency) == ({"b": 2}, 2, 4)
    newest, first = hw.session_versions("acme")
    assert (newest.version, newest.config, newest.note) == (2, {"b": 2}, "the other cluster")
    assert (first.version, first.config, first.note) == (1, {"a": 1}, None)
    assert (newest.saved_at - first.saved_at).total_seconds() == 60
    assert newest.author == first.author == saved.owner


def test_what_is_there_already_is_saved_only_on_purpose(hw: Headway) -> None:
    """if_changed: the same again, secrets included, is no version, also while the session runs."""
    config = {"a": 1, "password": "hunter2-hunter2"}
    hw.create_session("acme", config, "x", 3)
    hw.submit("x", session="acme")
    assert hw.save_session("acme", config, concurrency=3, job_type="x", if_changed=True).config_version == 1
    with pytest.raises(SessionBusy):
        hw.save_session("acme", {**config, "a": 2}, if_changed=True)
    hw.cancel(1)
    assert hw.save_session("acme", config).config_version == 2


def test_a_save_over_somebody_elses_is_refused(hw: Headway) -> None:
    """The version that was read is told with the save; where it is not the current one, Conflict names that."""
    hw.create_session("acme", {"a": 1})
    hw.save_session("acme", {"a": 2}, version=1)
    with pytest.raises(Conflict, match="version 2 now, not 1"):
        hw.save_session("acme", {"a": 3}, version=1)
    assert hw.session("acme").config == {"a": 2}


@pytest.mark.parametrize(
    ("config", "options"),
    [({"a": 1j}, {}), ([1], {}), ({}, {"version": "1"}), ({}, {"note": 5}), ({}, {"concurrency": 0})],
    ids=repr,
)
def test_a_save_of_bad_parts_is_refused(hw: Headway, config: Any, options: dict[str, Any]) -> None:
    """What is there stays, and no version is added."""
    hw.create_session("acme", {"a": 1})
    with pytest.raises(InvalidInput):
        hw.save_session("acme", config, **options)
    assert (hw.session("acme").config, len(hw.session_versions("acme"))) == ({"a": 1}, 1)


def test_sessions_and_versions_come_in_pages(hw: Headway) -> None:
    """A page says how to go on; all() walks to the end."""
    for n in range(5):
        hw.create_session(f"s{n}")
        hw.save_session("s0", {"n": n})
    assert [one.id for one in hw.sessions(limit=2).all()] == ["default.yaml", "s0", "s1", "s2", "s3", "s4"]
    assert [one.version for one in hw.session_versions("s0", limit=2).all()] == [6, 5, 4, 3, 2, 1]
    assert hw.sessions(limit=6).next is None


def test_what_runs_is_neither_saved_nor_closed(hw: Headway) -> None:
    """S2.10, S2.11: SessionBusy names the job; afterwards both are possible."""
    hw.create_session("acme", {"a": 1})
    job = hw.submit("x", session="acme")
    verbs: list[Callable[[], object]] = [lambda: hw.save_session("acme", {}), lambda: hw.close_session("acme")]
    for refused in verbs:
        with pytest.raises(SessionBusy, match=f"job {job.number} ") as busy:
            refused()
        assert busy.value.job_id == job.id
    assert hw.session("acme").config == {"a": 1}
    hw.cancel(job)
    hw.save_session("acme", {"a": 2})
    hw.close_session("acme")


def test_a_closed_session_takes_no_job(hw: Headway) -> None:
    """S2.11: it is found no more, and neither submit nor start brings anything into being."""
    hw.create_session("acme", job_type="x")
    assert hw.close_session("acme").id == "acme"
    verbs: list[Callable[[], object]] = [
        lambda: hw.submit("x", session="acme"), lambda: hw.start_session("acme"), lambda: hw.session("acme"),
        lambda: hw.close_session("acme"), lambda: hw.save_session("acme", {}), lambda: hw.session_versions("acme"),
        lambda: hw.submit_many("x", [{}], session="acme"),
    ]  # fmt: skip
    for refused in verbs:
        with pytest.raises(NotFound, match="acme"):
            refused()
    assert not hw.jobs()


def test_jobs_of_a_closed_session_are_retried_and_rolled_back(hw: Headway) -> None:
    """G15: what a job may do does not depend on its session being there still, nor on which verb is asked."""

    @headway.job("sessions.undo")
    def undo(ctx: Context) -> Any:
        return ctx.config

    @headway.job("sessions.undone")
    def undone(ctx: Context) -> None:
        ctx.undo(undo, {})
        raise ValueError("no")

    hw.create_session("acme", {"site": "a.example"})
    job = hw.submit(undone, session="acme")
    hw.work_until_idle()
    hw.close_session("acme")
    hw.retry(job)
    hw.work_until_idle()
    rollback = hw.rollback(job)
    hw.work_until_idle()
    assert (hw.get(job).state, hw.steps(rollback)[0].result) == ("rolled_back", {"site": "a.example"})


def test_a_closed_session_without_jobs_goes_after_a_day(hw: Headway, clock: Clock) -> None:
    """S2.7: what browsers and programs have closed leaves no rows for ever, but for those that a job still names."""
    for name in ("empty", "used"):
        hw.create_session(name, {"a": 1})
        hw.save_session(name, {"a": 2})
    hw.cancel(hw.submit("nobody has it", session="used"))
    for name in ("empty", "used"):
        hw.close_session(name)
    for passed, left in ((headway.DAY_S - 1, ["empty", "used"]), (2, ["used"])):
        clock.advance(passed)
        sweeping.forget_old(hw._database)
        with hw._database.transaction() as transaction:
            closed = transaction.connection.execute("SELECT id FROM sessions WHERE closed_at IS NOT NULL").fetchall()
            saved = transaction.connection.execute("SELECT DISTINCT session FROM session_versions").fetchall()
        assert sorted(row[0] for row in closed) == left
        assert {row[0] for row in saved} == {*left, "default.yaml"}


def test_the_default_session_is_never_closed(hw: Headway) -> None:
    """S2.11: closing it does nothing."""
    assert hw.close_session("default").id == "default.yaml"
    assert hw.submit("x").session == "default.yaml"


def test_a_closed_session_can_be_made_again(hw: Headway) -> None:
    """Its versions are numbered on, and older jobs keep the configuration that they had."""
    hw.create_session("acme", {"a": 1})
    old = hw.submit("x", session="acme")
    hw.cancel(old)
    hw.close_session("acme")
    again = hw.create_session("acme", {"a": 2}, concurrency=2)
    assert (again.config, again.config_version, again.concurrency) == ({"a": 2}, 2, 2)
    assert [one.config for one in hw.session_versions("acme")] == [{"a": 2}, {"a": 1}]


def test_what_runs_again_keeps_a_closed_session_from_being_made(trace: Trace) -> None:
    """A failed job that was retried is work under the old id."""
    trace.hw.create_session("acme")
    job = trace.begin(session="acme")
    trace.end(job, 1, 1, "fail")
    trace.hw.close_session("acme")
    trace.hw.retry(job)
    with pytest.raises(SessionBusy):
        trace.hw.create_session("acme")
    trace.hw.cancel(job)
    assert trace.hw.create_session("acme").config_version == 2


def test_a_session_counts_its_jobs(trace: Trace) -> None:
    """open_jobs are those that are not over, running those that hold a place."""
    trace.hw.create_session("acme", concurrency=2)
    jobs = [trace.submit(session="acme", queue=f"q{n}") for n in range(3)]
    trace.claim(jobs[0])
    assert (trace.hw.session("acme").running, trace.hw.session("acme").open_jobs) == (1, 3)
    trace.begin(queue="other")
    assert (trace.hw.session("default").running, trace.hw.session("default").open_jobs) == (1, 1)
    trace.end(jobs[0], 1, 1, "finish")
    assert (trace.hw.session("acme").running, trace.hw.session("acme").open_jobs) == (0, 2)


def test_an_id_never_changes(hw: Headway) -> None:
    """S2.25: starting gives the job an id of its own, and the session keeps its own."""
    hw.create_session("acme", {"a": 1}, "x")
    job = hw.start_session("acme")
    assert job.session == "acme"
    assert job.id != "acme"
    assert hw.session("acme").id == "acme"


def test_unknown_sessions_are_not_found(hw: Headway) -> None:
    """Every verb says which id it did not find, and where."""
    for refused in (hw.session, hw.start_session, hw.close_session, hw.session_versions):
        with pytest.raises(NotFound, match="'nobody'"):
            refused("nobody")
    with pytest.raises(NotFound, match="'nobody'"):
        hw.save_session("nobody", {})


def test_what_is_unstorable_is_named(hw: Headway) -> None:
    """The error says which part of a configuration can not be kept."""
    with pytest.raises(Unstorable, match=r"left\.port"):
        hw.create_session("acme", {"left": {"port": float("inf")}})


def test_records_are_plain_when_asked(hw: Headway) -> None:
    """to_dict() of a session and of a version holds plain values only."""
    plain = hw.create_session("acme", {"a": 1}).to_dict()
    assert (plain["id"], plain["config"], type(plain["created_at"])) == ("acme", {"a": 1}, str)
    assert hw.session_versions("acme")[0].to_dict()["version"] == 1
    assert isinstance(hw.session("acme"), headway.Session)


def test_a_save_changes_owner_and_times_where_they_are_given(hw: Headway) -> None:
    """S2.13: what is not given stays, 0 ends a time; the same again is no change."""
    hw.create_session("acme", {}, owner="anna", idle_s=60)
    for _ in range(2):
        known = hw.save_session("acme", {}, keep_s=5, if_changed=True)
        assert (known.owner, known.idle_s, known.keep_s, known.config_version) == ("anna", 60.0, 5.0, 2)
    known = hw.save_session("acme", {}, owner="bob", idle_s=0)
    assert (known.owner, known.idle_s, known.keep_s) == ("bob", None, 5.0)
    with pytest.raises(InvalidInput, match="keep_s"):
        hw.save_session("acme", {}, keep_s=-1)
