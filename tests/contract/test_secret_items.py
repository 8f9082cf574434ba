"""Secrets in the names of ledgers, in keys and in values: masked where they are stored, and nothing goes undone."""

from __future__ import annotations

from typing import Any

import pytest

import headway
from headway import Context, HeadwayError, Job, Secret
from headway.store import ledgers
from tests.contract.traces import Trace


def _work(trace: Trace, fn: Any, password: str, other: str = "unheard-of", attempts: int = 1) -> Job:
    """Runs fn(ctx) as a job that was given these secrets; it fails but for its last attempt."""

    def work(ctx: Context, password: Secret, other: Secret) -> Any:
        result = fn(ctx)
        if ctx.attempt < attempts:
            raise ConnectionError("once more")
        return result

    job = trace.run(work, {"password": Secret(password), "other": Secret(other)})
    for _ in range(attempts - 1):
        trace.hw.retry(job)
        trace.hw.work_until_idle()
    return trace.hw.get(job)


def test_a_ledger_named_after_a_secret_is_worked_through(trace: Trace) -> None:
    """G6, S1.3: its name is masked before it is looked for, so that its items are found."""
    seen: list[str] = []

    def fn(ctx: Context) -> int:
        tables = ctx.items("prod tables")
        tables.add_many(["t1", "t2"])
        return ctx.map(lambda item: seen.append(item.key), tables, concurrency=1).done

    job = _work(trace, fn, "prod", attempts=2)
    assert (job.result, seen, [known.done for known in trace.hw.ledgers(job)]) == (2, ["t1", "t2"], [2])
    assert "prod" not in trace.hw.ledgers(job)[0].ledger


def test_a_function_named_after_a_secret_does_nothing_twice(trace: Trace) -> None:
    """G6: a map over something else finds what an earlier attempt has done."""
    seen: list[str] = []

    def copy_prod(member: str) -> None:
        seen.append(member)

    job = _work(trace, lambda ctx: ctx.map(copy_prod, ["a", "b"], concurrency=1).done, "prod", attempts=3)
    assert (job.result, seen) == (2, ["a", "b"])


def test_the_secrets_of_the_session_are_known_from_the_start(trace: Trace) -> None:
    """G6: a ledger does not change its name when the configuration is read in the middle."""
    seen: list[str] = []

    def fn(ctx: Context) -> None:
        pages = ctx.items("super pages")
        pages.add_many(["1", "2", "3"])

        def one(item: headway.ItemAtHand) -> None:
            seen.append(f"{item.key} {ctx.config['password']}")

        ctx.map(one, pages, concurrency=1)

    headway.job("secret.late")(fn)
    trace.hw.create_session("work", {"password": "super"})
    job = trace.hw.submit("secret.late", session="work")
    trace.hw.work_until_idle()
    assert seen == ["1 ***", "2 ***", "3 ***"]
    assert [(known.total, known.done) for known in trace.hw.ledgers(job)] == [(3, 3)]


def test_keys_that_differ_in_secrets_only_stay_two(trace: Trace) -> None:
    """G6, S3.25: in a ledger, in a map over something else and in a keyed loop; a later attempt finds both."""
    seen: list[str] = []

    def fn(ctx: Context) -> int:
        hosts = ["alpha.example", "bravo.example"]
        ctx.items("hosts").add_many(hosts)
        ctx.map(lambda item: seen.append(item.key), ctx.items("hosts"), concurrency=1)
        ctx.map(seen.append, hosts, concurrency=1)
        seen.extend(ctx.track(hosts, "loop", key=str))
        return len(ctx.items("hosts"))

    job = _work(trace, fn, "alpha", "bravo", attempts=2)
    assert (job.result, sorted(seen)) == (2, ["alpha.example"] * 3 + ["bravo.example"] * 3)
    kept = str(
        [(known.ledger, [item.key for item in trace.hw.items(job, known.ledger)]) for known in trace.hw.ledgers(job)]
    )
    assert "***.example~" in kept
    assert "alpha" not in kept


def test_the_work_gets_keys_and_values_as_they_were_given(trace: Trace) -> None:
    """S3.25: what is stored is masked, with one warning; a later attempt gets what it adds again as it gives it."""
    seen: list[tuple[str, str]] = []

    def fn(ctx: Context) -> None:
        files = ctx.items("files")
        files.add_many([("/home/admin/a", "/home/admin/a"), ("/home/admin/b", "b")])

        def one(item: headway.ItemAtHand) -> None:
            seen.append((item.key, item.value))
            if ctx.attempt == 1:
                raise ConnectionError("down")

        ctx.map(one, files, concurrency=1)

    job = _work(trace, fn, "admin", attempts=2)
    assert seen == [("/home/admin/a", "/home/admin/a"), ("/home/admin/b", "b")] * 2
    assert "admin" not in str(list(trace.hw.items(job)))
    assert sum("hold secrets" in str(event.data) for event in trace.hw.events(job)) == 1


def test_a_ledger_that_lost_its_items_fails_the_job(trace: Trace) -> None:
    """G6: totals that know of pending items which nobody finds are an error, and never the end of the work."""

    def work(ctx: Context) -> int:
        files = ctx.items("files")
        files.add("a")
        ctx.settle()
        files.totals = ledgers.Totals("files", total=3, position=1)
        return ctx.map(lambda _: None, files).done

    job = trace.run(work)
    assert job.error
    assert (job.state, "2 pending items" in job.error.message) == ("failed", True)


def test_the_error_of_a_torn_ledger_is_an_error_of_headway(trace: Trace) -> None:
    """It is no fault that another try would mend: the job's retries are not used for it."""

    def work(ctx: Context) -> None:
        files = ctx.items("files")
        files.totals = ledgers.Totals("files", total=1)
        with pytest.raises(HeadwayError, match="restart the job"):
            ctx.map(lambda _: None, files)

    assert trace.run(work).state == "completed"
