"""Starting a session: real work, with the configuration as it is then, within the session's limit."""

from __future__ import annotations

from typing import Any

import pytest

import headway
from headway import Conflict, Context, Headway, InvalidInput, SessionBusy
from headway.store import claiming
from tests.contract.traces import Trace


@headway.job("sessions.look")
def look(ctx: Context, fail: bool = False) -> Any:
    """Tells what it sees of its session."""
    if fail:
        raise ValueError("as asked")
    return [ctx.session, ctx.config, ctx.concurrency]


@headway.job("sessions.look_async")
async def look_async(ctx: headway.AsyncContext) -> Any:
    """The same, awaited."""
    return [ctx.session, ctx.config, ctx.concurrency]


@pytest.mark.parametrize("kind", [look, look_async], ids=["function", "async"])
def test_start_launches_work_that_sees_its_session(hw: Headway, kind: Any) -> None:
    """S2.1, S2.24: started means that a job is there, of the session's type and with its configuration."""
    hw.create_session("acme", {"a": 1}, kind, 3)
    job = hw.start_session("acme")
    assert (job.state, job.session, "acme" in job.name) == ("pending", "acme", True)
    hw.work_until_idle()
    assert hw.result(job) == ["acme", {"a": 1}, 3]


def test_a_start_takes_the_options_of_submit(hw: Headway) -> None:
    """What starts has the ids, name and labels given; the context holds one open job; the session is not an option."""
    hw.create_session("acme", job_type="x")
    options: dict[str, Any] = {"name": "Nightly", "external_id": {"gui": "17"}, "labels": {"site": "a"}, "priority": 3}
    job = hw.start_session("acme", context_id="vm-1", one_per_context=True, **options)
    assert (job.name, hw.get("gui:17").id, job.labels, job.priority) == ("Nightly", job.id, {"site": "a"}, 3)
    with pytest.raises(Conflict, match="has an open job already"):
        hw.start_session("acme", context_id="vm-1", one_per_context=True)
    for wrong in ({"session": "b"}, {"nonsense": "b"}):
        with pytest.raises(InvalidInput, match="is no option of a job"):
            hw.start_session("acme", **wrong)  # type: ignore[arg-type]
    assert len(hw.jobs()) == 1


def test_a_session_without_a_job_type_can_not_be_started(hw: Headway) -> None:
    """InvalidInput says what to give; nothing is launched."""
    hw.create_session("acme")
    with pytest.raises(InvalidInput, match="job type"):
        hw.start_session("acme")
    assert not hw.jobs()


def test_start_takes_a_job_type_and_keeps_it(hw: Headway) -> None:
    """S2.3: the default session, too, launches what was named once."""
    assert hw.start_session("default", {"n": 1}, job_type="x").type == "x"
    hw.cancel(1)
    assert hw.start_session("default").type == "x"
    assert hw.get(1).input == {"n": 1}


def test_each_start_is_a_job_and_the_limit_holds(hw: Headway, trace: Trace) -> None:
    """S2.9, S2.24, G14: started again while it runs, the session has two jobs; the one too many waits for a place."""
    hw.create_session("acme", job_type=look, concurrency=1)
    first, second = hw.start_session("acme"), hw.start_session("acme")
    lanes = [("default", first.type)]
    assert [row.id for row in claiming.claim(trace.database, "w", lanes, 5)] == [first.id]
    assert hw.get(second).marks["waiting_for"] == "a place of session acme (1 of 1 run)"


def test_start_acts_on_the_named_session(hw: Headway) -> None:
    """S2.23: whatever session the caller is bound to."""
    for name in ("a", "b"):
        hw.create_session(name, {"name": name}, look)
    with headway.use_session("b"):
        job = hw.start_session("a")
        hw.save_session("default", {"name": "default"})
        hw.work_until_idle()
    assert hw.result(job)[:2] == ["a", {"name": "a"}]
    assert (hw.session("b").config, hw.session("b").open_jobs) == ({"name": "b"}, 0)


def test_start_with_another_concurrency_saves_it(hw: Headway) -> None:
    """S2.9, S2.22: it holds for that session alone, and the versions tell of it."""
    hw.create_session("a", {"x": 1}, look, 2)
    hw.create_session("b", {}, look, 2)
    job = hw.start_session("a", concurrency=7)
    assert (hw.session("a").concurrency, hw.session("b").concurrency) == (7, 2)
    assert (hw.session_versions("a")[0].note, hw.session("a").config) == ("started with concurrency 7", {"x": 1})
    hw.work_until_idle()
    assert hw.result(job) == ["a", {"x": 1}, 7]
    hw.start_session("a", concurrency=7)
    assert hw.session("a").config_version == 2


def test_start_with_another_concurrency_is_refused_while_jobs_are_open(hw: Headway) -> None:
    """S2.10: the limit never changes under what runs."""
    hw.create_session("acme", job_type=look, concurrency=2)
    hw.submit(look, session="acme")
    with pytest.raises(SessionBusy):
        hw.start_session("acme", concurrency=3)
    assert hw.session("acme").concurrency == 2


def test_the_default_session_is_busy_only_with_what_its_start_launched(hw: Headway) -> None:
    """S2.41: all programs of a user share it; their jobs keep nobody from saving its configuration."""
    hw.submit("x")
    hw.save_session("default", {"a": 1})
    job = hw.start_session("default", job_type="x")
    with pytest.raises(SessionBusy):
        hw.save_session("default", {"a": 2})
    hw.cancel(job)
    assert hw.save_session("default", {"a": 2}).config == {"a": 2}


def test_a_job_keeps_the_configuration_it_was_submitted_with(hw: Headway) -> None:
    """S2.32: a save in between reaches only what is submitted later."""
    hw.save_session("default", {"a": 1})
    before = hw.submit(look)
    hw.save_session("default", {"a": 2}, concurrency=4)
    after = hw.submit(look)
    hw.work_until_idle()
    assert hw.result(before)[1] == {"a": 1}
    assert hw.result(after) == ["default.yaml", {"a": 2}, 4]


def test_retry_keeps_the_configuration_and_restart_takes_the_newest(trace: Trace) -> None:
    """A retry goes on with what the job had; a restart is a new job."""
    trace.hw.create_session("acme", {"a": 1})
    job = trace.begin(session="acme", type="sessions.look")
    trace.end(job, 1, 1, "fail")
    trace.hw.save_session("acme", {"a": 2})
    trace.hw.retry(job)
    again = trace.hw.restart(job)
    trace.hw.work_until_idle()
    assert [trace.hw.result(one)[1] for one in (job, again)] == [{"a": 1}, {"a": 2}]


def test_what_a_job_changes_in_its_configuration_stays_its_own(trace: Trace) -> None:
    """ctx.config is a copy: the next look at it shows what is stored."""
    trace.hw.save_session("default", {"a": {"b": 1}})

    def work(ctx: Context) -> Any:
        ctx.config["a"]["b"] = 2
        return ctx.config

    assert trace.run(work).result == {"a": {"b": 1}}


def test_no_more_jobs_run_than_the_session_permits(trace: Trace) -> None:
    """G14: a claim takes only as many as there is room for; other sessions go on."""
    trace.hw.create_session("small", concurrency=2)
    trace.hw.create_session("other", concurrency=1)
    small = [trace.submit(session="small") for _ in range(4)]
    other = trace.submit(session="other")
    assert sorted(_claimed(trace, 10)) == sorted([*small[:2], other])
    assert _claimed(trace, 10) == []
    trace.end(small[0], 1, 1, "finish")
    assert _claimed(trace, 10) == [small[2]]


def _claimed(trace: Trace, most: int) -> list[str]:
    return [one for one in (next(iter(trace.claim_any()), None) for _ in range(most)) if one is not None]


def test_a_pause_gives_the_place_back(trace: Trace) -> None:
    """S2.30, G14: whatever ends an attempt frees its place, once."""
    trace.hw.create_session("acme", concurrency=1)
    first, second = trace.begin(session="acme"), trace.submit(session="acme")
    trace.hw.pause(first)
    assert trace.claim_any() == []
    trace.end(first, 1, 1, "halt")
    assert trace.claim_any() == [second]
    trace.hw.resume(first)
    assert trace.claim_any() == []
    trace.lose()
    assert trace.hw.session("acme").running == 0


def test_a_job_that_waits_for_a_place_says_so(trace: Trace) -> None:
    """The mark names the session and how many run; where there is room it is gone."""
    trace.hw.create_session("acme", concurrency=1)
    first, second = trace.begin(session="acme"), trace.submit(session="acme")
    assert trace.hw.get(second).marks["waiting_for"] == "a place of session acme (1 of 1 run)"
    assert trace.hw.submit("trace", session="acme").marks["waiting_for"].startswith("a place of session")
    trace.end(first, 1, 1, "finish")
    assert "place" not in trace.hw.get(second).marks["waiting_for"]


def test_the_same_key_in_another_session_is_another_request(hw: Headway) -> None:
    """An idempotency key stands for the session, too, whether that was named or ambient."""
    hw.create_session("acme")
    job = hw.submit("x", session="acme", idempotency_key="k")
    with headway.use_session("acme"):
        assert hw.submit("x", idempotency_key="k").id == job.id
    with pytest.raises(Conflict):
        hw.submit("x", idempotency_key="k")


def test_a_start_saves_its_configuration_or_nothing(hw: Headway) -> None:
    """S2.9: a configuration that is given is the one of the job; where the start is refused, it is not saved."""
    hw.create_session("acme")
    with pytest.raises(InvalidInput, match="job type"):
        hw.start_session("acme", config={"a": 2})
    assert hw.session("acme").config_version == 1
    job = hw.start_session("acme", config={"a": 2}, job_type=look, note="the second")
    assert (job.config_version, hw.session("acme").config, hw.launched_job("acme")) == (2, {"a": 2}, job)
    assert [one.note for one in hw.session_versions("acme")] == ["the second", None]
    with pytest.raises(SessionBusy):
        hw.start_session("acme", config={"a": 3})
    assert hw.start_session("acme", config={"a": 2}).config_version == 2
