"""The failover tool's job log: its tracker as a Python facade, its API over HTTP."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from headway import Headway, HeadwayError, InvalidInput, NotFound
from headway.compat.joblog import CATEGORIES, LEGACY_PERCENT, JobContext, JobLog, JobStart, failover_id
from headway.server import create_app
from headway.server.serving import Serving
from headway.testing import Clock
from tests.support import calls

GUI_ID = "unified-live-failover-pgtest2-1758553933"
LIVE = ("validation", "source-vm-power-off", "final-sync", "volume-mode-switch", "multi-volume-snapshot-creation",
        "virtio-driver-injection", "vm-creation", "volume-attachment", "vm-startup-and-validation",
        "status-update")  # fmt: skip
OPTIONAL = "virtio-driver-injection"


@pytest.fixture
def log(hw: Headway) -> JobLog:
    """The tracker on a server's database."""
    return JobLog(hw)


def _failover(log: JobLog, **more: Any) -> JobContext:
    given: dict[str, Any] = {"context_id": "vm-7", "external_job_id": GUI_ID, "job_category": "failover"}
    return log.start_job(JobStart(job_type="failover", operation="live failover", **(given | more)))


def _get(http: httpx2.Client, path: str) -> Any:
    answer = http.get(f"/api/v1/{path}")
    return answer.json() | {"code": answer.status_code}


def test_ids_and_category_are_optional(log: JobLog) -> None:
    """S4.1, S4.3, S4.4, S4.32: who knows none of them starts as before, in the category system; others are refused."""
    context = log.start_job(JobStart(job_type="scheduler", operation="tick", metadata={"machine_group": "a"}))
    job = log.get_job_by_id(context.job_id).job
    assert (job.context_id, job.external_job_id, job.job_category) == (None, None, "system")
    assert job.metadata == {"machine_group": "a"}
    with pytest.raises(InvalidInput, match=", ".join(CATEGORIES)):
        log.start_job(JobStart(job_type="a", operation="b", job_category="other"))


def test_a_record_has_what_it_was_started_with(log: JobLog) -> None:
    """S4.4, S4.5: all of it comes back, context and category too; type and operation are required."""
    parent = log.start_job(JobStart(job_type="bulk", operation="night run", job_category="bulk"))
    context = _failover(log, parent_job_id=parent.job_id, owner="ann", metadata={"vm": "pgtest2"})
    job = log.get_job_by_id(context.job_id).job
    assert (job.job_type, job.operation, job.owner, job.parent_job_id) == (
        "failover", "live failover", "ann", parent.job_id,
    )  # fmt: skip
    assert (job.context_id, job.external_job_id, job.job_category) == ("vm-7", GUI_ID, "failover")
    assert (job.metadata, job.status) == ({"vm": "pgtest2"}, "running")
    with pytest.raises(TypeError):
        JobStart(job_type="a")  # type: ignore[call-arg]


def test_a_job_runs_at_once(log: JobLog) -> None:
    """S4.6: its id is a UUID, it runs, and ids and step travel with the context."""
    context = _failover(log)
    assert str(uuid.UUID(context.job_id)) == context.job_id
    inside = log.start_step(context, "validation")
    assert (inside.job_id, inside.external_job_id, inside.step) == (context.job_id, GUI_ID, "validation")
    log.log(inside, "info", "checks passed", disks=2)
    line = log.hw.logs(context.job_id)[-1].data
    assert (line["text"], line["step"], line["disks"]) == ("checks passed", "validation", 2)


def test_an_external_id_is_made_once(log: JobLog) -> None:
    """S4.7: its form is known, its time is given and not read twice, and the job that it is passed to has it."""
    at = datetime.fromtimestamp(1758553933.999, UTC)
    assert failover_id("live", "pgtest2", at) == GUI_ID
    assert failover_id("test", "db", at, rollback=True) == "rollback-test-failover-db-1758553933"
    made = failover_id("live", "pgtest2", at)
    assert (
        log.get_job_by_external_id(_failover(log, external_job_id=made).external_job_id or "").job.external_job_id
        == made
    )


def test_the_row_is_there_before_the_answer(log: JobLog, http: httpx2.Client) -> None:
    """S4.8: whoever got the id never meets a 404 with it."""
    context = _failover(log)
    assert _get(http, f"failover/{GUI_ID}/status")["job_id"] == context.job_id


def test_by_external_id_the_newest(log: JobLog) -> None:
    """S4.9: the job with its steps and its progress; of several the newest."""
    first, second = _failover(log), _failover(log)
    log.start_step(second, "validation")
    found = log.get_job_by_external_id(GUI_ID)
    assert (found.job.id, found.job.id != first.job_id) == (second.job_id, True)
    assert ([step.name for step in found.steps], found.progress.running_steps) == (["validation"], 1)


def test_by_context_id_all(log: JobLog) -> None:
    """S4.10, S4.24: all jobs of a context, newest first, of whatever category, each with its own."""
    categories = ("failover", "replication", "system")
    ids = [_failover(log, external_job_id=None, job_category=one).job_id for one in categories]
    found = log.get_job_by_context_id("vm-7")
    assert [(job.id, job.job_category) for job in found] == list(zip(ids, categories, strict=True))[::-1]
    assert log.get_job_by_context_id("vm-8") == []


def test_by_any_id_in_order(log: JobLog) -> None:
    """S4.11: the whole id, then an external id, then the newest of a context, else an error that names the id."""
    first = _failover(log, external_job_id="seven")
    second = _failover(log, external_job_id="vm-7", context_id="seven")
    wanted = {first.job_id: first, "seven": first, "vm-7": second}
    assert {any_id: log.find_job_by_any_id(any_id).job.id for any_id in wanted} == {
        any_id: context.job_id for any_id, context in wanted.items()
    }
    assert log.find_job_by_any_id(second.job_id).job.id == second.job_id
    with pytest.raises(NotFound, match="nothing-has-this"):
        log.find_job_by_any_id("nothing-has-this")


def test_progress_by_any_id(log: JobLog) -> None:
    """S4.12: counts of steps, both percentages, times, and seconds that it has run."""
    context = _failover(log, plan=LIVE)
    log.run_step(context, "validation", lambda _: None)
    log.start_step(context, "source-vm-power-off")
    log.mark_job_progress(context, 17)
    for any_id in (context.job_id, GUI_ID, "vm-7"):
        found = log.get_job_progress(any_id)
        counts = (
            found.total_steps,
            found.completed_steps,
            found.failed_steps,
            found.running_steps,
            found.skipped_steps,
        )
        assert counts == (10, 1, 0, 1, 0)
        assert (found.step_completion_percentage, found.manual_completion_percentage) == (10, 17)
        assert found.started_at is not None
        assert found.last_activity is not None
        assert found.last_activity >= found.started_at
        assert found.runtime_seconds >= 0


def test_one_of_ten_is_ten_percent(log: JobLog) -> None:
    """S4.13: the plan comes first, so that one of ten is 10 %; it never falls, and every door has the same number."""
    context = _failover(log, plan=LIVE)
    seen = []
    for name in LIVE:
        log.run_step(context, name, lambda _: None)
        seen.append(log.get_job_progress(GUI_ID).step_completion_percentage)
    assert seen == [10, 20, 30, 40, 50, 60, 70, 80, 90, 99]
    log.end_job(context, "completed")
    assert log.get_job_progress(GUI_ID).step_completion_percentage == 100
    assert log.hw.progress(GUI_ID).steps.step_percent == 100


def test_runtime_stands_still_after_the_end(url: str, clock: Clock) -> None:
    """S4.13, S4.14: runtime is to the end, not to now, and so is the duration of a status."""
    with Headway(url, clock=clock) as hw, Serving(create_app(hw), port=0) as server:
        log = JobLog(hw)
        context = _failover(log)
        clock.advance(20)
        log.end_job(context, "completed")
        clock.advance(100)
        told = calls.get(f"{server.address}/api/v1/failover/{GUI_ID}/status").json()
        assert (log.get_job_progress(GUI_ID).runtime_seconds, told["duration"]) == (20, 20)


def test_status_by_every_id(log: JobLog, http: httpx2.Client) -> None:
    """S4.14, S4.15: one shape for each id, with the id that failed; seconds; 404 with success false."""
    context = _failover(log, metadata={"vm": "pgtest2"})
    for any_id in (context.job_id, GUI_ID, "vm-7"):
        told = _get(http, f"failover/{any_id}/status")
        assert (told["code"], told["success"], told["job_id"], told["status"]) == (200, True, context.job_id, "running")
        assert {"message", "progress", "start_time", "duration"} <= told.keys()
        assert 0 <= told["duration"] < 60
        details = told["job_details"]
        assert (details["external_job_id"], details["context_id"], details["tracking_source"]) == (
            GUI_ID, "vm-7", "job_tracking",
        )  # fmt: skip
        assert {"job_type", "operation", "steps", "error_message", "metadata", "job_category"} <= details.keys()
    missing = _get(http, "failover/nobody/status")
    assert (missing["code"], missing["success"]) == (404, False)


def test_other_categories_have_the_same_paths(log: JobLog, http: httpx2.Client) -> None:
    """S4.14: what failover has, every category has; a job of another one is not found there."""
    context = log.start_job(JobStart(job_type="replicate", operation="copy", job_category="replication"))
    assert _get(http, f"replication/{context.job_id}/status")["job_details"]["job_category"] == "replication"
    assert _get(http, f"replication/{context.job_id}/progress")["code"] == 200
    assert _get(http, f"failover/{context.job_id}/status")["code"] == 404


def test_progress_in_real_time(log: JobLog, http: httpx2.Client) -> None:
    """S4.16, S4.27: any id, its context, the jobs above and below, the steps as they are; the phase is the step."""
    parent = log.start_job(JobStart(job_type="bulk", operation="night", job_category="bulk", context_id="group-1"))
    context = _failover(log, parent_job_id=parent.job_id, plan=LIVE)
    log.run_step(context, "validation", lambda _: None)
    log.start_step(context, "source-vm-power-off")
    told = _get(http, f"failover/{GUI_ID}/progress")
    assert (told["success"], told["context_id"], told["parent"]["id"]) == (True, "vm-7", parent.job_id)
    assert {"job_id", "status", "progress", "current_phase", "phases", "metadata"} <= told["progress"].keys()
    assert (told["progress"]["current_phase"], told["progress"]["progress"]) == ("source-vm-power-off", 10)
    assert [step["status"] for step in told["progress"]["phases"]][:3] == ["completed", "running", "planned"]
    above = _get(http, f"bulk/{parent.job_id}/progress")
    assert [child["id"] for child in above["children"]] == [context.job_id]
    assert _get(http, "failover/nobody/progress")["code"] == 404


@pytest.mark.parametrize(("state", "percent"), LEGACY_PERCENT.items())
def test_legacy_states_have_their_percent(log: JobLog, http: httpx2.Client, state: str, percent: int) -> None:
    """S4.14, S4.17: a failover from before the job log answers in the same shape, by its own id."""
    log.note_legacy_state("fo-3", state, "no snapshot" if state == "failed" else None)
    told = _get(http, "failover/fo-3/status")
    assert (told["success"], told["progress"], told["job_details"]["tracking_source"]) == (
        True,
        percent,
        "failover_jobs",
    )


def test_steps_are_kept_in_order(log: JobLog) -> None:
    """S4.18: running, completed, failed, skipped; one number each; times, error and metadata."""
    context = _failover(log, plan=("a", "b", "c"))
    log.end_step(log.start_step(context, "a"), "completed", metadata={"disks": 2})
    log.end_step(log.start_step(context, "b"), "failed", "no space")
    log.end_step(log.start_step(context, "c"), "skipped")
    steps = log.get_job_by_id(context.job_id).steps
    assert [(step.seq, step.name, step.status) for step in steps] == [
        (1, "a", "completed"), (2, "b", "failed"), (3, "c", "skipped"),
    ]  # fmt: skip
    assert (steps[0].metadata, steps[1].error_message) == ({"disks": 2}, "no space")
    assert all(step.started_at and step.completed_at for step in steps[:2])


def test_an_exception_in_a_step_fails_the_run(log: JobLog) -> None:
    """S4.19: it fails the step, it comes back to the caller, and the job can not end completed."""
    context = _failover(log)

    def work(_: JobContext) -> None:
        raise ZeroDivisionError("no disks")

    with pytest.raises(ZeroDivisionError):
        log.run_step(context, "validation", work)
    assert log.end_job(context, "completed") == "failed"
    found = log.get_job_by_id(context.job_id)
    assert (found.job.status, found.steps[0].status) == ("failed", "failed")
    assert "no disks" in (found.job.error_message or "")


def test_an_exception_comes_back_although_the_job_is_over(log: JobLog) -> None:
    """S4.19: a step of a job that has ended meanwhile raises what it raised, not that it is too late."""
    context = _failover(log)

    def work(_: JobContext) -> None:
        log.end_job(context, "cancelled")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        log.run_step(context, "validation", work)


def test_the_end_of_a_job(log: JobLog, hw: Headway) -> None:
    """S4.20: completed, failed, cancelled, each with its time; progress is 0 to 100; nothing changes afterwards."""
    for status in ("completed", "failed", "cancelled"):
        context = _failover(log)
        log.mark_job_progress(context, 40)
        with pytest.raises(InvalidInput):
            log.mark_job_progress(context, 101)
        log.end_job(context, status, "power off refused" if status == "failed" else None)
        job = log.get_job_by_id(context.job_id).job
        assert (job.status, job.completed_at is not None, job.canceled_at is not None) == (
            status, True, status == "cancelled",
        )  # fmt: skip
        with pytest.raises(HeadwayError):
            log.start_step(context, "late")


def test_a_whole_failover(log: JobLog, http: httpx2.Client) -> None:
    """S4.22, S4.23, S4.33: ten steps in order, metadata kept; driver injection may fail: completed, with a warning."""
    context = _failover(log, plan=LIVE, metadata={"vm": "pgtest2", "networks": ["lan"]})

    def broken(_: JobContext) -> None:
        raise OSError("no such driver")

    for name in LIVE:
        if name == OPTIONAL:
            with pytest.raises(OSError, match="driver"):
                log.run_step(context, name, broken, optional=True)
        else:
            log.run_step(context, name, lambda _: None)
    assert log.end_job(context, "completed") == "completed"
    details = _get(http, f"failover/{GUI_ID}/status")["job_details"]
    assert ([step["name"] for step in details["steps"]], details["warnings"]) == (list(LIVE), [OPTIONAL])
    assert details["metadata"] == {"vm": "pgtest2", "networks": ["lan"]}


def test_a_failed_rollback_is_failed(log: JobLog, http: httpx2.Client) -> None:
    """S4.25, S4.26: it points at its failover, is found by its own id, and ends as what it was."""
    failover = _failover(log)
    back = failover_id("live", "pgtest2", datetime.fromtimestamp(1758553999, UTC), rollback=True)
    context = _failover(log, external_job_id=back, parent_job_id=failover.job_id)
    log.end_step(log.start_step(context, "power-on-source"), "failed", "no host")
    assert log.end_job(context, "completed") == "failed"
    told = _get(http, f"failover/{back}/progress")
    assert (told["progress"]["status"], told["parent"]["id"]) == ("failed", failover.job_id)


def test_a_lost_failover_is_interrupted(url: str, clock: Clock) -> None:
    """S4.31: whatever its percentage, success is never guessed."""
    with Headway(url, clock=clock) as first:
        context = _failover(JobLog(first))
        JobLog(first).mark_job_progress(context, 95)
    clock.advance(60)
    with Headway(url, clock=clock) as second:
        assert JobLog(second).get_job_by_id(context.job_id).job.status == "interrupted"


def test_recent_jobs_of_a_context(log: JobLog, http: httpx2.Client) -> None:
    """S4.29: the 20 newest of a machine, newest first."""
    ids = [_failover(log, external_job_id=None).job_id for _ in range(22)]
    told = _get(http, "vm-contexts/vm-7/recent-jobs")
    assert [job["id"] for job in told["jobs"]] == ids[:1:-1]


def test_ten_thousand_lines_slow_nothing(log: JobLog, http: httpx2.Client) -> None:
    """S4.2, S4.33, S4.34: with as many log lines, the ids still answer: nothing walks through the log."""
    with log.hw.tracked("big", category="failover", external_id=GUI_ID, context_id="vm-7", show=False) as context:
        for number in range(10_000):
            context.log(f"line {number}")
    for any_id in (GUI_ID, "vm-7", context.job_id):
        assert _get(http, f"failover/{any_id}/status")["job_id"] == context.job_id
    assert len(log.hw.events(context.job_id, limit=1000, logs=False)) < 10
