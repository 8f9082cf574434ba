"""Families: children are spawned once, waited for, and told of in their parent."""

from __future__ import annotations

from typing import Any

import pytest

import headway
from headway import Conflict, Context, Headway, InvalidInput, JobCancelled, JobFailed, Secret, testing
from headway.errors import KeyReused
from headway.testing import Clock

SEEN: list[Any] = []


@headway.job("family.double")
def double(ctx: Context, n: int) -> int:
    """A child that ends well, but for a number below 0."""
    if n < 0:
        raise ValueError(f"{n} is below 0")
    return n * 2


@headway.job("family.doubles")
def doubles(ctx: Context, numbers: list[int], return_exceptions: bool = False) -> list[Any]:
    """A parent that gathers one child for each number."""
    children = [ctx.spawn(double, {"n": n}) for n in numbers]
    found = ctx.gather(*children, return_exceptions=return_exceptions)
    return [type(one).__name__ if isinstance(one, Exception) else one for one in found]


@pytest.fixture(autouse=True)
def _nothing_seen() -> None:
    SEEN.clear()


def _parent(hw: Headway, function: Any, name: str) -> Any:
    """Runs a job with this function; its snapshot afterwards."""
    headway.job(name)(function)
    job = hw.submit(name)
    hw.work_until_idle()
    return hw.get(job)


def test_gather_returns_the_results_in_order(hw: Headway) -> None:
    """What the children returned, in the order of the arguments."""
    job = hw.submit(doubles, {"numbers": [3, 1, 2]})
    assert hw.work_until_idle() == 4
    assert hw.result(job) == [6, 2, 4]


def test_a_child_knows_its_parent_and_its_root(hw: Headway) -> None:
    """S4.26: parent and root link the levels; a child works in its parent's session, with its options."""

    def middle(ctx: Context) -> Any:
        return ctx.gather(ctx.spawn(double, {"n": 1}, priority=3, labels={"of": "middle"}))

    headway.job("family.middle")(middle)
    root = _parent(hw, lambda ctx: ctx.gather(ctx.spawn(middle)), "family.links")
    (inner,) = hw.children(root)
    (leaf,) = hw.children(inner)
    assert (inner.parent_id, inner.root_id, inner.session) == (root.id, root.id, root.session)
    assert (leaf.parent_id, leaf.root_id, leaf.priority, leaf.labels) == (inner.id, root.id, 3, {"of": "middle"})


def test_the_same_type_and_input_are_spawned_once(hw: Headway) -> None:
    """Without a key type and input are the key, whatever the order of the input's names."""

    def parent(ctx: Context) -> None:
        SEEN.append(ctx.spawn("family.other", {"a": 1, "b": 2}).id == ctx.spawn("family.other", {"b": 2, "a": 1}).id)
        SEEN.append(ctx.spawn("family.other", {"a": 1}).id == ctx.spawn("family.other", {"a": 1}, key="again").id)

    _parent(hw, parent, "family.once")
    assert SEEN == [True, False]


def test_a_later_attempt_finds_its_children(hw: Headway) -> None:
    """Traces 12, G4: what runs again from its top spawns nothing twice, and gathers what is done already."""

    def parent(ctx: Context) -> list[Any]:
        results = ctx.gather(*[ctx.spawn(double, {"n": n}, key=f"part {n}") for n in range(3)])
        if ctx.attempt == 1:
            raise OSError("the first attempt breaks")
        return results

    job = _parent(hw, parent, "family.again")
    assert job.state == "failed"
    hw.retry(job)
    assert hw.work_until_idle() == 1
    assert hw.result(job) == [0, 2, 4]
    assert len(hw.children(job)) == 3


def test_a_key_stands_for_one_type(hw: Headway) -> None:
    """A key that comes back with another type is an error that names the child."""

    def parent(ctx: Context) -> None:
        child = ctx.spawn(double, {"n": 1}, key="part")
        with pytest.raises(KeyReused, match=r"family\.double") as refused:
            ctx.spawn("family.other", {"n": 1}, key="part")
        SEEN.append(refused.value.job_id == child.id)

    assert (_parent(hw, parent, "family.reused").state, SEEN) == ("completed", [True])


@pytest.mark.parametrize(
    "given",
    [
        {"key": ""}, {"key": "a\x00b"}, {"weight": -1}, {"weight": float("nan")}, {"weight": float("inf")},
        {"parent": "1"}, {"colour": "red"}, {"input": [1]}, {"priority": "high"},
    ],
    ids="-".join,
)  # fmt: skip
def test_bad_options_of_a_child_are_refused(hw: Headway, given: dict[str, Any]) -> None:
    """What can not be a child is refused before anything is stored, and the job goes on."""

    def parent(ctx: Context) -> None:
        with pytest.raises(InvalidInput):
            ctx.spawn(double, **({"input": {"n": 1}} | given))

    job = _parent(hw, parent, "family.bad")
    assert (job.state, hw.children(job)) == ("completed", [])


def test_one_failed_child_fails_the_wait(hw: Headway) -> None:
    """JobFailed of the first that failed is raised in the parent; the others go on, as with asyncio.gather."""
    job = hw.submit(doubles, {"numbers": [1, -1, 2]})
    hw.work_until_idle()
    failed = hw.get(job)
    assert failed.error is not None
    assert (failed.state, failed.error.code) == ("failed", "job_failed")
    assert "-1 is below 0" in failed.error.message
    assert [child.state for child in hw.children(job)] == ["completed", "failed", "completed"]


def test_errors_can_be_returned_among_the_results(hw: Headway) -> None:
    """return_exceptions=True waits for all, and gives the errors in their places."""
    job = hw.submit(doubles, {"numbers": [-1, 2, -3], "return_exceptions": True})
    hw.work_until_idle()
    assert hw.result(job) == ["JobFailed", 4, "JobFailed"]


def test_a_cancelled_child_is_told_as_such(hw: Headway) -> None:
    """JobCancelled, which is a JobFailed, says which child was cancelled."""

    def parent(ctx: Context) -> None:
        child = ctx.spawn("family.nobody has it")
        hw.cancel(child)
        with pytest.raises(JobCancelled) as error:
            ctx.gather(child)
        SEEN.append(error.value.job.id == child.id)

    _parent(hw, parent, "family.cancelled child")
    assert SEEN == [True]


def test_only_children_are_gathered(hw: Headway) -> None:
    """Another job, a list, or no job at all is refused with a sentence; nothing to wait for is an empty list."""
    other = hw.submit("family.nobody has it")

    def parent(ctx: Context) -> Any:
        for wrong in (other, other.number, [ctx.spawn(double, {"n": 1})]):
            with pytest.raises(InvalidInput, match="gather"):
                ctx.gather(wrong)  # type: ignore[arg-type]
        return ctx.gather()

    assert _parent(hw, parent, "family.strangers").result == []


def test_a_child_may_be_named_by_any_id(hw: Headway) -> None:
    """A Job, its number or an external id; the same child may stand twice."""

    def parent(ctx: Context) -> Any:
        child = ctx.spawn(double, {"n": 4}, external_id="four")
        return ctx.gather(child.number, "four", child)

    assert _parent(hw, parent, "family.any id").result == [8, 8, 8]


def test_retry_of_a_parent_retries_what_failed_below(hw: Headway) -> None:
    """One retry takes the failed of the whole tree back to the queue; what is done stays done."""
    broken = [True]

    def leaf(ctx: Context, n: int) -> int:
        if n == 1 and broken:
            raise OSError("no route to host")
        return n

    headway.job("family.leaf")(leaf)
    job = _parent(hw, lambda ctx: ctx.gather(*[ctx.spawn(leaf, {"n": n}) for n in range(3)]), "family.retried")
    broken.clear()
    hw.retry(job)
    assert sorted(child.state for child in hw.children(job)) == ["completed", "completed", "pending"]
    hw.work_until_idle()
    assert hw.result(job) == [0, 1, 2]
    assert [child.attempt for child in hw.children(job)] == [1, 2, 1]


def test_a_parent_whose_children_nobody_here_has_is_put_off(hw: Headway, clock: Clock) -> None:
    """work_until_idle leaves what it can not run to others: the parent waits in the queue, and is tried later."""
    job = _parent(hw, lambda ctx: ctx.gather(ctx.spawn("family.nobody has it")), "family.put off")
    assert job.state == "pending"
    assert job.due_at is not None
    hw.cancel(hw.children(job)[0])
    clock.advance(3600)
    hw.work_until_idle()
    with pytest.raises(JobFailed):
        hw.result(job)


def test_a_wait_inside_a_transaction_is_refused(hw: Headway) -> None:
    """spawn and gather are writes of their own, and say so."""

    def parent(ctx: Context) -> None:
        with ctx.transaction():
            for call in (lambda: ctx.spawn(double, {"n": 1}), lambda: ctx.gather("1")):
                with pytest.raises(InvalidInput, match="transaction"):
                    call()

    assert _parent(hw, parent, "family.in transaction").state == "completed"


def test_a_retry_names_the_job_that_holds_a_child_s_context(hw: Headway) -> None:
    """S4.26: where a context below is taken meanwhile, the retry is refused as a whole and says by whom."""

    def leaf(ctx: Context) -> None:
        raise OSError("no route to host")

    headway.job("family.exclusive")(leaf)
    options = {"context_id": "vm-7", "one_per_context": True}
    job = _parent(hw, lambda ctx: ctx.gather(ctx.spawn(leaf, **options)), "family.context")
    other = hw.submit("family.nobody has it", context_id="vm-7", one_per_context=True)
    with pytest.raises(Conflict, match="vm-7") as refused:
        hw.retry(job)
    assert refused.value.job_id == other.id
    assert hw.get(job).state == "failed"


def test_a_tree_is_read_from_the_given_job_down(hw: Headway) -> None:
    """S4.26: each branch is a job and its children, oldest first; it is as a dict what HTTP answers."""
    job = hw.submit(doubles, {"numbers": [1, 2]})
    hw.work_until_idle()
    tree = hw.tree(job.number)
    assert [branch.job.input for branch in tree.children] == [{"n": 1}, {"n": 2}]
    assert [one.number for one in tree.all_jobs] == [1, 2, 3]
    assert tree.to_dict()["children"][1]["job"]["state"] == "completed"
    assert hw.tree(tree.children[0].job).children == []


def test_children_are_listed_page_by_page(hw: Headway) -> None:
    """Oldest first, a page at a time, to the last."""
    job = hw.submit("family.nobody has it")
    ids = hw.submit_many("family.nobody has it", [{}] * 7, parent=job)
    page = hw.children(job, limit=3)
    assert [child.id for child in page] == sorted(ids)[:3]
    assert [child.id for child in page.all()] == sorted(ids)
    with pytest.raises(InvalidInput):
        hw.children(job, limit=0)


def test_a_context_of_a_unit_test_runs_its_children() -> None:
    """headway.testing.context(): what is gathered is run in the same thread, without a worker."""
    ctx = testing.context()
    assert ctx.gather(ctx.spawn(double, {"n": 21})) == [42]


def test_each_undo_has_children_of_its_own(hw: Headway) -> None:
    """Two undos that spawn the same type and input have a child each: the key counts within one of them."""
    headway.job("family.take back")(lambda ctx, n: ctx.gather(ctx.spawn(double, {"n": 1})))

    def effects(ctx: Context) -> None:
        for n in range(2):
            ctx.undo("family.take back", {"n": n})

    rollback = hw.rollback(_parent(hw, effects, "family.effects"))
    hw.work_until_idle()
    assert hw.get(rollback).state == "completed"
    assert len(hw.children(rollback)) == 2


@pytest.mark.parametrize("given", [{"input": {"text": "{}"}}, {"name": "for {}"}, {"key": "with {}"}], ids=str)
def test_a_secret_is_handed_to_a_child_as_such(hw: Headway, given: dict[str, Any]) -> None:
    """SEC21: in clear it is refused; as a Secret it arrives, and the same secret is the same key."""
    canary = "kolibri-9317-canary"
    headway.job("family.secret child")(lambda ctx, password: password.reveal() == canary)

    def parent(ctx: Context, password: Secret) -> Any:
        clear = {name: _filled(value, password.reveal()) for name, value in given.items()}
        with pytest.raises(InvalidInput, match="in clear"):
            ctx.spawn("family.other", **clear)
        children = [ctx.spawn("family.secret child", {"password": password}) for _ in range(2)]
        return ctx.gather(*children)

    headway.job("family.secret")(parent)
    job = hw.submit("family.secret", {"password": Secret(canary)})
    hw.work_until_idle()
    assert hw.result(job) == [True, True]
    assert len(hw.children(job)) == 1


def _filled(value: Any, secret: str) -> Any:
    return {"text": secret} if isinstance(value, dict) else value.format(secret)
