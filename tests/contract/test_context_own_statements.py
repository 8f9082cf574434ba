"""A job's own statements inside ctx.transaction(): their errors are the job's, and their settings end with it."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from headway import Context, Headway
from headway.testing import Clock
from tests.contract.traces import Trace


@pytest.fixture
def lent(postgres_url: str, clock: Clock) -> Any:
    """Traces on PostgreSQL."""
    with Headway(postgres_url, clock=clock) as hw:
        yield Trace(hw, clock)


def test_an_error_of_a_jobs_own_statement_is_the_jobs(trace: Trace) -> None:
    """The driver's error goes out as it is: the job fails once, and is not taken for a database that is away."""

    def work(ctx: Context) -> None:
        with ctx.transaction() as db:
            db.execute("SELECT one FROM nowhere")

    job = trace.run(work)
    assert (job.state, job.attempt) == ("failed", 1)
    assert job.error is not None
    assert "nowhere" in job.error.message


def test_a_statement_that_lasts_too_long_fails_its_job(lent: Trace) -> None:
    """A timeout that a job set for itself says nothing about the database."""

    def work(ctx: Context) -> None:
        with ctx.transaction() as db:
            db.execute("SET LOCAL statement_timeout = 10")
            db.execute("SELECT pg_sleep(60)")

    job = lent.run(work)
    assert (job.state, job.attempt) == ("failed", 1)


def test_settings_of_a_job_end_with_its_transaction(lent: Trace) -> None:
    """What a job sets on its connection spoils neither the fenced write nor what others do on it later."""

    def work(ctx: Context) -> None:
        with ctx.transaction() as db:
            db.row_factory = dict_row
            db.cursor_factory = psycopg.ClientCursor
            db.execute("SET search_path TO pg_catalog")

    assert lent.run(work).state == "completed"
    assert lent.hw.counts()["completed"] == 1


@pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK"])
def test_a_transaction_that_a_job_ends_itself_is_refused(lent: Trace, end: str) -> None:
    """The fence must be its last statement: a job that committed before it is told so."""

    def work(ctx: Context) -> None:
        with ctx.transaction() as db:
            db.execute(end)

    job = lent.run(work)
    assert job.state == "failed"
    assert job.error is not None
    assert "was ended inside transaction()" in job.error.message


def test_a_connection_that_a_job_closes_is_replaced(lent: Trace) -> None:
    """The job fails; its connection is not used again."""

    def work(ctx: Context) -> None:
        with ctx.transaction() as db:
            db.close()

    assert lent.run(work).state == "failed"
    assert lent.hw.counts()["failed"] == 1
