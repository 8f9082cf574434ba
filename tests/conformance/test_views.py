"""SQL that was written for the tables of older trackers reads their views."""

from __future__ import annotations

from typing import Any

import pytest

from headway import Headway
from headway.compat.joblog import JobLog, JobStart
from headway.compat.runs import Runs
from tests.faults.database import run

GUI_ID = "unified-live-failover-pgtest2-1758553933"


@pytest.fixture
def log(hw: Headway) -> JobLog:
    """A tracker, with one failover of two steps under way."""
    log = JobLog(hw)
    start = JobStart(
        job_type="failover", operation="live failover", owner="ann", external_job_id=GUI_ID, context_id="vm-7",
        job_category="failover", metadata={"vm": "pgtest2"}, plan=("validation", "vm-creation"),
    )  # fmt: skip
    context = log.start_job(start)
    log.end_step(log.start_step(context, "validation"), "failed", "no host")
    log.log(log.start_step(context, "vm-creation"), "warning", "slow disk", disk=2)
    log.mark_job_progress(context, 40)
    return log


def _ask(hw: Headway, statement: str) -> list[Any]:
    return [tuple(row) for row in run(hw.url, statement)]


def test_runs_read_as_a_table(hw: Headway) -> None:
    """S3.1, S3.18: the columns of a run, zeros where nothing was told."""
    runs = Runs(hw)
    number = runs.create_job_run("media-sync", "sync", 7)
    columns = "job_name, job_type, status, user_id, progress, total_items, processed_items, status_message"
    statement = f"SELECT {columns} FROM job_runs WHERE id = {number}"  # noqa: S608 - a number
    assert _ask(hw, statement) == [("media-sync", "sync", "pending", "7", 0, 0, 0, "")]
    runs.set_job_total_items(number, 4)
    runs.increment_job_processed_items(number, 3)
    runs.complete_job_run(number, "failed", "no answer")
    assert _ask(hw, "SELECT status, progress, processed_items, error_message FROM job_runs") == [
        ("failed", 75, 3, "no answer")
    ]
    assert _ask(hw, "SELECT count(*) FROM job_runs WHERE start_time <= end_time AND updated_at >= created_at") == [(1,)]


@pytest.mark.parametrize("by", [f"external_job_id = '{GUI_ID}'", "context_id = 'vm-7'", "job_category = 'failover'"])
def test_the_job_log_reads_as_a_table(log: JobLog, by: str) -> None:
    """S4.1, S4.2, S4.5: a job by its ids and its category, with what it was started with."""
    columns = "job_type, operation, status, percent_complete, owner, external_job_id"
    assert _ask(log.hw, f"SELECT {columns} FROM job_tracking WHERE {by}") == [  # noqa: S608 - ours
        ("failover", "live failover", "running", 40, "ann", GUI_ID)
    ]


def test_steps_read_as_a_table(log: JobLog) -> None:
    """S4.18: steps by their number, with state and error."""
    statement = (
        "SELECT s.seq, s.name, s.status, s.error_message "  # noqa: S608 - the id is ours
        "FROM job_steps AS s JOIN job_tracking AS t ON t.id = s.job_id "
        f"WHERE t.external_job_id = '{GUI_ID}' ORDER BY s.seq"
    )
    assert _ask(log.hw, statement) == [(1, "validation", "failed", "no host"), (2, "vm-creation", "running", None)]


def test_log_lines_read_as_a_table(log: JobLog) -> None:
    """S4.21: a line with its level, its step, and the external id of its job."""
    statement = (
        "SELECT l.level, l.message, s.name "  # noqa: S608 - the id is ours
        "FROM log_events AS l JOIN job_steps AS s ON s.id = l.step_id "
        f"WHERE l.external_job_id = '{GUI_ID}'"
    )
    assert _ask(log.hw, statement) == [("warning", "slow disk", "vm-creation")]


def test_legacy_failovers_read_as_a_table(log: JobLog) -> None:
    """S4.14, S4.17: failovers from before the job log, by their own ids."""
    log.note_legacy_state("fo-3", "creating_vm")
    assert _ask(log.hw, "SELECT job_id, status, progress FROM failover_jobs") == [("fo-3", "creating_vm", 50)]


def test_deleted_jobs_are_in_no_view(log: JobLog) -> None:
    """A job that was deleted is gone from every table, at once."""
    log.end_job(log.start_job(JobStart(job_type="a", operation="b")), "failed")
    log.hw.delete(log.hw.cancel(log.hw.submit("c")))
    counts = [_ask(log.hw, f"SELECT count(*) FROM {view}")[0][0] for view in ("job_runs", "job_tracking")]  # noqa: S608
    assert counts == [2, 2]
