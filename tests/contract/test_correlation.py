"""Correlation: one indexed table of aliases, a stated order of lookup, one open job per context, labels, text."""

from __future__ import annotations

from typing import Any

import pytest

import headway
from headway import Ambiguous, Conflict, Context, Headway, InvalidInput, NotFound
from headway.store.moving import TENANT
from headway.tracker import submission
from tests.contract.traces import Trace

FAILED = "unified-live-failover-pgtest2-1758553933"
"""The id that an older system could not find."""


def test_all_ids_are_optional(hw: Headway) -> None:
    """S4.1, S4.3, S4.32: context, external ids and category may all be left out; whoever knows none goes on unchanged,
    and can still be told apart by labels."""
    job = hw.submit("replication", labels={"vm": "pgtest2"})
    assert (job.context_id, job.external_ids, job.aliases, job.category) == (None, {}, [], "general")
    assert [found.id for found in hw.jobs(labels={"vm": "pgtest2"})] == [job.id]


def test_a_job_tells_what_it_was_given(hw: Headway) -> None:
    """S4.4, S4.5: context, category, external ids and parent come back from every door that shows the job."""
    parent = hw.submit("bulk")
    job = hw.submit("failover", context_id="ctx-7", external_id={"gui": "17"}, category="failover", parent=parent)
    for shown in (job, hw.get(job.id), hw.jobs(context_id="ctx-7")[0], hw.children(parent)[0]):
        assert (shown.context_id, shown.category, shown.external_ids) == ("ctx-7", "failover", {"gui": "17"})
        assert (shown.parent_id, shown.root_id) == (parent.id, parent.id)


def test_several_ids_of_one_namespace_all_count(hw: Headway) -> None:
    """S4.7: a job may have any number of external ids; each finds it, all are shown in their exact forms."""
    job = hw.submit("failover", external_id={"gui": "17"}, context_id="ctx-7")
    hw.alias(job, {"gui": "18", "cloud": "op-1"})
    shown = hw.alias(job, FAILED)
    assert shown.aliases == ["cloud:op-1", "external:" + FAILED, "gui:17", "gui:18", "context:ctx-7"]
    assert {hw.get(form).id for form in shown.aliases} == {job.id}
    assert shown.external_ids == {"cloud": "op-1", "external": FAILED, "gui": "18"}


def test_a_job_is_found_before_it_has_begun(live: Headway) -> None:
    """S4.8: the row is there before the caller has the id, for every process: who polls at once never meets a 404."""
    job = live.submit("failover", external_id=FAILED)
    with Headway(live.url) as other:
        assert (other.get(FAILED).id, other.get(job.id).state) == (job.id, "pending")


def test_an_external_id_finds_the_newest_job(trace: Trace) -> None:
    """S4.9: the job with its steps and progress; of several that have the id, the newest."""

    def work(ctx: Context) -> None:
        ctx.plan("validation", "vm-creation")
        ctx.step("validation", lambda: None)
        ctx.step("vm-creation", lambda: None)
        ctx.alias(FAILED)

    first, newest = trace.run(work), trace.run(work)
    found = trace.hw.get(FAILED)
    assert (found.id, found.found_by) == (newest.id, "external")
    assert [step.state for step in trace.hw.steps(FAILED)] == ["completed", "completed"]
    assert trace.hw.get(first.id).external_ids == {"external": FAILED}


def test_a_context_lists_its_jobs(hw: Headway) -> None:
    """S4.10: all jobs of a context, newest first, whatever their type."""
    jobs = [hw.submit(kind, context_id="ctx-7") for kind in ("failover", "cleanup", "rollback")]
    hw.submit("failover", context_id="ctx-8")
    assert [job.id for job in hw.jobs(context_id="ctx-7")] == [job.id for job in reversed(jobs)]


def test_the_order_of_lookup(hw: Headway) -> None:
    """S4.11: the whole id, then an external id, then the newest of the context; found_by says which it was."""
    jobs = [hw.submit("failover", context_id="ctx-7", external_id=f"gui-{n}") for n in range(3)]
    for any_id, job, rule in (
        (jobs[0].id, jobs[0], "id"), (jobs[0].id.upper(), jobs[0], "id"), ("gui-1", jobs[1], "external"),
        ("ctx-7", jobs[2], "context"), (jobs[1].number, jobs[1], "number"), (jobs[1].id[-8:], jobs[1], "tail"),
    ):  # fmt: skip
        assert (hw.get(any_id).id, hw.get(any_id).found_by) == (job.id, rule)


def test_an_unknown_id_is_named(hw: Headway) -> None:
    """S4.11: where no rule matches, the error names the id."""
    with pytest.raises(NotFound, match=FAILED):
        hw.get(FAILED)


def test_an_id_that_means_two_jobs_is_refused(hw: Headway) -> None:
    """Rule 10: an external id that is another job's context is ambiguous; the error names both, with exact forms."""
    one, other = hw.submit("a", external_id="vm-7"), hw.submit("a", context_id="vm-7")
    with pytest.raises(Ambiguous) as refused:
        hw.get("vm-7")
    assert set(refused.value.candidates) == {("external", one.id), ("context", other.id)}
    assert (hw.get("external:vm-7").id, hw.get("context:vm-7").id) == (one.id, other.id)


def test_the_id_that_failed_is_found(hw: Headway) -> None:
    """S4.7, S4.15: the interface's own id, made once and given at submit, resolves at every door."""
    job = hw.submit("failover", external_id=FAILED)
    assert hw.get(FAILED).id == hw.pause(FAILED).id == hw.jobs(text="failover")[0].id == job.id
    assert [event.name for event in hw.events(FAILED)] == ["submit", "pause"]


def test_a_second_open_job_of_a_context_is_refused(hw: Headway) -> None:
    """Correlation: a second failover of the same machine is refused and told the id of the first; after its end not."""
    first = hw.submit("failover", context_id="vm-7", one_per_context=True)
    with pytest.raises(Conflict, match=first.id) as refused:
        hw.submit("failover", context_id="vm-7", one_per_context=True)
    assert refused.value.job_id == first.id
    assert len(hw.jobs()) == 1
    hw.cancel(first)
    assert hw.submit("failover", context_id="vm-7", one_per_context=True).id != first.id


def test_a_context_that_is_free_by_now_refuses_nothing(hw: Headway, monkeypatch: pytest.MonkeyPatch) -> None:
    """S4.15: where the job that was in the way has ended before it is looked for, the request is made again."""
    first = hw.submit("failover", context_id="vm-8", one_per_context=True)
    explain = submission.explain

    def late(*given: Any) -> None:
        hw.cancel(first)
        explain(*given)

    monkeypatch.setattr(submission, "explain", late)
    assert hw.submit("failover", context_id="vm-8", one_per_context=True).state == "pending"


def test_a_bulk_run_has_its_jobs(hw: Headway) -> None:
    """S4.26: a bulk run points at its children, a child at its parent and root, to any depth; a retry of one job keeps
    them."""
    bulk = hw.submit("bulk")
    children = [hw.submit("failover", parent=bulk) for _ in range(3)]
    grandchild = hw.submit("cleanup", parent=children[0])
    assert [job.id for job in hw.children(bulk)] == [job.id for job in children]
    assert (grandchild.parent_id, grandchild.root_id) == (children[0].id, bulk.id)
    assert [job.id for job in hw.jobs(parent=children[0])] == [grandchild.id]


LABELLED = {"ab": {"site": "a", "env": "prod"}, "a": {"site": "a", "env": "test"}, "b": {"site": "b", "env": "prod"}}


@pytest.mark.parametrize(
    ("labels", "fit"),
    [
        ({"site": "a"}, {"ab", "a"}),
        ({"site": "a", "env": "prod"}, {"ab"}),
        ({"site": ["a", "b"]}, {"ab", "a", "b"}),
        ({"site": ["a", "b"], "env": "prod"}, {"ab", "b"}),
        ([{"site": "b"}, {"env": "test"}], {"a", "b"}),
        ([{"site": "a"}, {"env": "prod"}], {"ab", "a", "b"}),
        ([{"site": "a", "env": "test"}, {"site": "c"}], {"a"}),
        ({"site": ["c"]}, set()),
    ],
)
def test_labels_are_joined_as_stated(hw: Headway, labels: object, fit: set[str]) -> None:
    """S4.32: a mapping asks for all, a list as a value for any of it, a list of mappings for any of them; each once."""
    for name, given in LABELLED.items():
        hw.submit("a", name=name, labels=given)
    found = hw.jobs(labels=labels)  # type: ignore[arg-type]
    assert [job.name for job in found] == sorted(fit, key=list(LABELLED).index, reverse=True)


def test_choices_of_labels_come_in_pages(hw: Headway) -> None:
    """Labels: a listing over several choices walks on page by page, newest first, none twice."""
    ids = [hw.submit("a", labels={"site": "ab"[n % 2], "odd": str(n % 2)}).id for n in range(9)]
    page = hw.jobs(labels=[{"site": "a"}, {"site": "b"}, {"odd": "1"}], limit=2)
    assert [job.id for job in page.all()] == ids[::-1]


@pytest.mark.parametrize("labels", [[], {"a": []}, {"a": [str(n) for n in range(33)]}, ["a"], [{"a": ["b"] * 9}] * 4])
def test_choices_that_are_none_or_too_many_are_refused(hw: Headway, labels: object) -> None:
    """Labels: no choice at all, and more than a listing can look for, are refused before anything is read."""
    with pytest.raises(InvalidInput):
        hw.jobs(labels=labels)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["night", "NIGHT", "no such table", "ValueError", "100%"])
def test_text_is_looked_for_in_name_and_error(trace: Trace, text: str) -> None:
    """Correlation: text search over name, id and the error's message, whatever the case; not over its trace."""

    def work(ctx: Context) -> None:
        raise ValueError("no such table: users, 100%")

    failed = trace.run(work)
    named = trace.hw.submit("a", name="Nightly import")
    expected = named if text.lower() == "night" else failed
    assert [job.id for job in trace.hw.jobs(text=text)] == [expected.id]
    assert [job.id for job in trace.hw.jobs(text=named.id[:36])] == [named.id]
    assert trace.hw.jobs(text="Traceback") == []


@pytest.mark.parametrize("text", ["@last", "@anything", "number:3", "ID:x", "context:vm", "external:gui"])
def test_an_id_may_not_look_like_another_rule(hw: Headway, text: str) -> None:
    """S4.11: what means something to the lookup can not be given as an id, else it would never be found, or wrongly."""
    for option in ("external_id", "context_id"):
        with pytest.raises(InvalidInput, match="form of another id"):
            hw.submit("a", **{option: text})  # type: ignore[arg-type]
    assert hw.jobs() == []


def test_ten_thousand_log_lines_are_not_looked_at(trace: Trace) -> None:
    """S4.33: a job with 10,000 log lines is found by every id, and its history begins where it is asked to."""
    job = trace.begin(external_id=FAILED, context_id="vm-7")
    trace.report(job, 1, 1, logs=[f"line {n}" for n in range(10_000)])
    for any_id in (FAILED, "vm-7", job, trace.hw.get(job).number):
        assert trace.hw.get(any_id).id == job
    assert trace.hw.last_logs(FAILED, 1)[0].data["text"] == "line 9999"


def test_the_whole_id_of_another_job_is_nobodys_name(hw: Headway) -> None:
    """Rule 10: an id that is another job's own would cut that off, and is refused; any other of its form is taken."""
    job = hw.submit("a")
    refused: list[dict[str, Any]] = [{"external_id": job.id}, {"external_id": job.id.upper()}, {"context_id": job.id}]
    for given in refused:
        with pytest.raises(InvalidInput, match=f"it is the id of job {job.number}"):
            hw.submit("b", **given)
    other = hw.submit("b", external_id="0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a")
    with pytest.raises(InvalidInput, match="Give an id of your own"):
        hw.alias(other, job.id)
    assert hw.alias(job, job.id).id == job.id
    assert [hw.get(job.id).id, hw.get("0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a").id] == [job.id, other.id]
    assert len(hw.jobs()) == 2


def test_a_child_may_not_have_the_whole_id_of_another_job(hw: Headway) -> None:
    """The same for what a job spawns, and for the id that it gives itself."""
    victim = hw.submit("a")

    @headway.job("correlation.shadows")
    def shadows(ctx: Context, spawns: bool) -> None:
        ctx.spawn("b", external_id=victim.id) if spawns else ctx.alias(victim.id)

    jobs = [hw.submit(shadows, {"spawns": spawns}) for spawns in (True, False)]
    hw.work_until_idle()
    ended = [hw.get(job) for job in jobs]
    assert [(job.state, job.error and job.error.code) for job in ended] == [("failed", "invalid_input")] * 2
    assert hw.get(victim.id).id == victim.id


def test_a_job_that_another_one_shadows_keeps_its_verbs(hw: Headway) -> None:
    """Where a database has such an id from before, whoever names the job exactly is answered by every verb."""
    job = hw.submit("a", {})
    rows = [{"tenant": TENANT, "text": job.id, "kind": "external", "job": hw.submit("b").id, "created_at": hw.now()}]
    hw._database.write(lambda transaction: transaction.each("add_aliases", rows))
    with pytest.raises(Ambiguous):
        hw.get(job.id)
    exact = f"id:{job.id}"
    assert (hw.pause(exact).state, hw.resume(exact).state) == ("paused", "pending")
    assert hw.alias(exact, "x").external_ids == {"external": "x"}
    assert len(list(hw.events(exact, limit=1).all())) == 3
    many = hw.submit("headway.bulk", {"verb": "cancel", "q": "type:a"})
    hw.work_until_idle()
    assert (hw.get(many).result, hw.get(job).state) == (
        {"done": 1, "skipped": 0, "failed": 0, "newcomers": {"count": 0, "numbers": []}}, "cancelled"
    )  # fmt: skip
