"""How far a job is: the owner of the percentage, phases, notes, and what another attempt begins with."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from headway.model.eta import Estimate, Eta
from headway.model.phase import Phase, PhaseView
from headway.model.progress import KEPT_UNPLANNED, Progress, ProgressTree
from headway.model.work import Ahead, Work

NOW = 1_763_800_000.0


def percent(tree: ProgressTree) -> int | None:
    """The percentage that is shown."""
    return tree.snapshot(NOW).percent


def note(tree: ProgressTree) -> str | None:
    """What the bar has to explain."""
    return tree.snapshot(NOW).note


def test_unknown_is_none_and_not_zero() -> None:
    """Without a total, a plan or a percentage nobody knows how far the job is."""
    tree = ProgressTree()
    assert percent(tree) is None
    tree.report(add=5)
    assert (percent(tree), tree.snapshot(NOW).done) == (None, 5)


def test_done_of_total_owns_the_percentage_of_a_plain_job() -> None:
    """Items or bytes, done/total is the percentage, rounded down."""
    tree = ProgressTree()
    tree.report(done=1_999_999, total=10_000_000, unit="B")
    shown = tree.snapshot(NOW)
    assert (shown.percent, shown.done, shown.total, shown.unit) == (19, 1_999_999, 10_000_000, "B")


def test_each_item_adds_exactly_one() -> None:
    """S3.16: after every item was added, done is the total."""
    tree = ProgressTree()
    tree.report(total=7)
    for _ in range(7):
        tree.report(add=1)
    shown = tree.snapshot(NOW)
    assert (shown.done, shown.total, shown.note) == (7, 7, None)


def test_an_explicit_percentage_wins_over_counters_and_plan() -> None:
    """S3.11: the bar of a job that gives its own percentage does not jump to processed/total and back."""
    tree = ProgressTree()
    tree.report(percent=20, total=10)
    tree.plan("scan", "copy")
    for position in range(10):
        tree.report(add=1, percent=20 + 7 * (position + 1))
        assert percent(tree) == 27 + 7 * position


def test_the_plan_owns_the_percentage() -> None:
    """S4.13: phases fill their declared shares, so that the first step of five is not 100 %."""
    tree = ProgressTree()
    tree.plan({"fetch": 20, "sync": 70, "finish": 10})
    assert percent(tree) == 0
    tree.close(tree.open("fetch"))
    assert percent(tree) == 20
    sync = tree.open("sync")
    tree.report(sync, done=1, total=2)
    assert percent(tree) == 55
    tree.close(sync)
    tree.close(tree.open("finish"), skipped=True)
    assert percent(tree) == 99


def test_a_plan_of_names_has_equal_weights() -> None:
    """plan("scan", "copy") gives each phase the same share."""
    tree = ProgressTree()
    tree.plan("scan", "copy")
    tree.close(tree.open("scan"))
    assert percent(tree) == 50


def test_a_phase_that_was_not_planned_gives_no_percentage() -> None:
    """S3.13: a phase of weight 70 whose sisters are not known says nothing about the whole."""
    tree = ProgressTree()
    tree.report(tree.open("sync", weight=70), done=1, total=2)
    shown = tree.snapshot(NOW)
    assert shown.percent is None
    assert (shown.phase, shown.of_phase, shown.done, shown.total) == ("sync", True, 1, 2)


def test_what_runs_inside_a_phase_fills_its_share() -> None:
    """A phase that is planned itself is filled by its own phases."""
    tree = ProgressTree()
    tree.plan({"fetch": 20, "sync": 80})
    tree.close(tree.open("fetch"))
    sync = tree.open("sync")
    tree.plan("tables", "files", parent=sync)
    tables = tree.open("tables", parent=sync)
    tree.report(tables, done=5, total=10)
    shown = tree.snapshot(NOW)
    assert (shown.percent, shown.phase) == (40, "sync / tables")


def test_a_phase_beyond_the_plan_makes_it_grow_and_says_so() -> None:
    """A phase with a weight that joins a plan may take the bar back once, with a note."""
    tree = ProgressTree()
    tree.plan("scan", "copy")
    tree.close(tree.open("scan"))
    assert percent(tree) == 50
    tree.open("verify", weight=3)
    assert (percent(tree), note(tree)) == (20, "plan grew by verify")


def test_when_the_total_grows_the_bar_steps_back_and_says_so() -> None:
    """T8: 10 000 becomes 12 400: the message is there and the percentage counts from the new total."""
    tree = ProgressTree()
    tree.report(done=9920, total=10_000)
    assert percent(tree) == 99
    tree.report(total=12_400)
    assert (percent(tree), note(tree)) == (80, "total grew to 12 400")


def test_done_beyond_the_total_raises_it() -> None:
    """More done than there was: the total grows with it, and the bar stays below 100."""
    tree = ProgressTree()
    tree.report(done=8, total=8)
    tree.report(add=2)
    shown = tree.snapshot(NOW)
    assert (shown.done, shown.total, shown.percent, shown.note) == (10, 10, 99, "total grew to 10")


@pytest.mark.parametrize(("unit", "told"), [("B", "69 kB"), ("pages", "69 061 pages"), (None, "69 061")])
def test_a_total_that_grew_names_its_unit(unit: str | None, told: str) -> None:
    """A number alone tells nobody what it counts."""
    tree = ProgressTree()
    tree.report(done=1, total=10, unit=unit)
    tree.report(total=69_061)
    assert note(tree) == f"total grew to {told}"


def test_a_total_in_bytes_after_one_of_items_has_not_grown() -> None:
    """Two totals that count different things are not compared."""
    tree = ProgressTree()
    tree.report(done=1, total=10)
    tree.report(done=100, total=69_061, unit="B")
    assert (note(tree), tree.snapshot(0).total) == (None, 69_061)


def test_the_percentage_does_not_fall_with_the_counters() -> None:
    """Counters may be corrected; within an attempt the bar waits instead of stepping back."""
    tree = ProgressTree()
    tree.report(done=60, total=100)
    assert percent(tree) == 60
    tree.report(done=40)
    shown = tree.snapshot(NOW)
    assert (shown.done, shown.percent) == (40, 60)


def test_a_lower_explicit_percentage_is_not_taken_silently() -> None:
    """S3.9: going backwards is neither done nor hidden."""
    tree = ProgressTree()
    tree.report(percent=50)
    tree.report(percent=30)
    assert (percent(tree), note(tree)) == (50, "percent 30 is below 50, which stays")


def test_a_hundred_is_shown_only_when_completed() -> None:
    """T8: 100 % of the work is 99 until the job is completed; then it is 100, whatever was counted."""
    tree = ProgressTree()
    tree.report(percent=100)
    assert percent(tree) == 99
    tree.complete()
    assert percent(tree) == 100


def test_a_job_with_nothing_to_do_reaches_the_end() -> None:
    """S3.15: a total of 0 divides nothing: 99 until completed, then 100; an empty phase fills its share."""
    tree = ProgressTree()
    tree.report(total=0)
    assert percent(tree) == 99
    planned = ProgressTree()
    planned.plan("scan", "copy")
    planned.report(planned.open("scan"), total=0)
    assert percent(planned) == 50
    tree.complete()
    assert percent(tree) == 100


@pytest.mark.parametrize("bad", [-0.1, 100.5, math.nan, math.inf, "half", True])
def test_a_percentage_outside_its_range_is_refused(bad: Any) -> None:
    """S3.9: what is not a number from 0 to 100 is refused, and nothing of that report is kept."""
    tree = ProgressTree()
    with pytest.raises(ValueError, match="expected a number from 0 to 100"):
        tree.report(done=3, percent=bad)
    assert (tree.version, tree.snapshot(NOW).done) == (0, 0)


@pytest.mark.parametrize("what", ["done", "add", "total", "failed", "skipped"])
@pytest.mark.parametrize("bad", [-1, 1.5, math.nan, "3", True])
def test_a_count_that_is_none_is_refused(what: str, bad: Any) -> None:
    """Counts are whole numbers from 0; the error names the count and what was found."""
    with pytest.raises(ValueError, match=f"{what} is .*expected a whole number, 0 or more"):
        ProgressTree().report(**{what: bad})


def test_done_and_add_exclude_each_other() -> None:
    """Together they have no meaning, so they are refused."""
    with pytest.raises(ValueError, match="expected one of them"):
        ProgressTree().report(done=3, add=1)


@pytest.mark.parametrize("bad", [{"a": 0}, {"a": -1}, {"a": math.nan}, {"a": math.inf}, {"": 1}, {}])
def test_a_plan_without_sense_is_refused(bad: dict[str, float]) -> None:
    """Weights are finite and above 0, names are not empty, and a plan has phases."""
    with pytest.raises(ValueError, match="expected"):
        ProgressTree().plan(bad)


def test_a_plan_names_each_phase_once() -> None:
    """A name that stands twice in a plan is refused."""
    with pytest.raises(ValueError, match="names copy more than once"):
        ProgressTree().plan("copy", "scan", "copy")


def test_a_phase_runs_once_at_a_time() -> None:
    """Opening a phase that runs is refused with its path; after closing it goes on with its counters."""
    tree = ProgressTree()
    phase = tree.open("copy")
    with pytest.raises(ValueError, match="phase 'copy' is running already"):
        tree.open("copy")
    tree.report(phase, done=3)
    tree.close(phase)
    tree.close(phase)
    assert tree.open("copy") is phase
    assert phase.done == 3


def test_a_phase_that_is_left_is_not_finished() -> None:
    """A phase that work leaves early keeps its counters, fills what they say, and can be opened again."""
    tree = ProgressTree()
    tree.plan("scan", "copy")
    phase = tree.open("scan")
    tree.report(phase, done=3, total=6)
    tree.leave(phase)
    tree.leave(phase)
    shown = tree.snapshot(NOW)
    assert (shown.percent, shown.phase, shown.phases[0].state) == (25, None, "pending")
    assert tree.open("scan") is phase


def test_failed_and_skipped_items_are_summed_over_the_tree() -> None:
    """S3.25: failed and skipped items of all phases count for the job."""
    tree = ProgressTree()
    tree.report(failed=1)
    outer = tree.open("sync")
    tree.report(outer, failed=2, skipped=1)
    tree.report(tree.open("tables", parent=outer), failed=4, skipped=8)
    shown = tree.snapshot(NOW)
    assert (shown.failed, shown.skipped) == (7, 9)
    assert (shown.phases[0].failed, shown.phases[0].skipped) == (6, 9)


def test_the_counters_of_the_last_phase_stay() -> None:
    """Between phases the counters of the one that ended are shown."""
    tree = ProgressTree()
    phase = tree.open("copy")
    tree.report(phase, done=8, total=8, unit="files")
    tree.close(phase)
    shown = tree.snapshot(NOW)
    assert (shown.phase, shown.done, shown.total, shown.unit) == (None, 8, 8, "files")


def test_phases_in_a_loop_do_not_fill_the_memory() -> None:
    """Unplanned phases that are over are dropped, the oldest first; their failures stay counted."""
    tree = ProgressTree()
    for n in range(500):
        phase = tree.open(f"page {n}")
        tree.report(phase, done=1, failed=1)
        tree.close(phase)
    shown = tree.snapshot(NOW)
    assert (len(shown.phases), shown.phases[-1].name, shown.failed) == (KEPT_UNPLANNED, "page 499", 500)


def test_message_and_data_stay_until_replaced() -> None:
    """The message stays; data replaces what was there and is not merged."""
    tree = ProgressTree()
    tree.report(message="page 1", data={"a": 1})
    tree.report(done=1)
    tree.report(data={"b": 2})
    shown = tree.snapshot(NOW)
    assert (shown.message, shown.data) == ("page 1", {"b": 2})


def test_only_work_that_moved_is_progress() -> None:
    """Rule 5: a message or the same count again is no progress; a count, a percentage or a phase is."""
    tree = ProgressTree()
    tree.report(message="waiting")
    assert tree.snapshot(NOW).last_progress_at is None
    tree.report(done=1)
    assert tree.snapshot(NOW + 1).last_progress_at == NOW + 1
    tree.report(done=1, message="still")
    assert tree.snapshot(NOW + 2).last_progress_at == NOW + 1
    tree.open("copy")
    assert tree.snapshot(NOW + 3).last_progress_at == NOW + 3


def test_the_version_tells_that_something_changed() -> None:
    """Every change raises the version; looking does not."""
    tree = ProgressTree()
    versions = [tree.version]
    phase = tree.open("copy")
    tree.report(phase, add=1)
    versions.append(tree.version)
    tree.close(phase)
    versions.append(tree.version)
    tree.snapshot(NOW)
    assert versions == [0, 2, 3]
    assert tree.version == 3


def test_a_snapshot_survives_json() -> None:
    """A snapshot is plain JSON and is read back as it was; unknown is null there."""
    tree = ProgressTree()
    tree.plan({"fetch": 20, "sync": 80})
    tree.report(tree.open("sync"), done=3, total=9, unit="rows")
    tree.report(message="rows", data={"table": "orders"})
    shown = tree.snapshot(NOW, Estimate(Eta(40, 60, NOW + 50), rate=0.2), stalled_since=NOW - 130)
    text = msgspec.json.encode(shown)
    assert msgspec.json.decode(text, type=Progress) == shown
    assert b'"percent":null' in msgspec.json.encode(ProgressTree().snapshot(NOW))


def test_a_snapshot_carries_the_estimate() -> None:
    """Rate and time left, or the reason why there is none, are part of what is shown."""
    tree = ProgressTree()
    with_eta = tree.snapshot(NOW, Estimate(Eta(40, 60, NOW + 50), rate=92))
    without = tree.snapshot(NOW, Estimate(why_not="no total"))
    assert (with_eta.rate, with_eta.eta, with_eta.eta_why_not) == (92, Eta(40, 60, NOW + 50), None)
    assert (without.rate, without.eta, without.eta_why_not) == (None, None, "no total")


def test_another_attempt_begins_with_the_stored_progress() -> None:
    """T6: a resumed attempt shows the same bar, counters, message and failures before it does anything."""
    tree = ProgressTree()
    tree.plan({"fetch": 20, "sync": 80})
    tree.close(tree.open("fetch"))
    sync = tree.open("sync")
    tree.report(sync, done=6, total=10, failed=2)
    tree.report(failed=1, message="page 6")
    before = tree.snapshot(NOW)
    again = ProgressTree.restore(before)
    after = again.snapshot(NOW + 100)
    assert (after.percent, after.failed, after.message) == (68, 3, "page 6")
    assert [phase.state for phase in after.phases] == ["completed", "pending"]
    assert after.last_progress_at == before.last_progress_at
    again.report(again.open("sync"), add=1)
    assert percent(again) == 76


def test_another_attempt_may_begin_lower_when_its_counters_say_so() -> None:
    """Rule 7: the stored percentage stays until the new attempt counts; when it counts less, it says so."""
    tree = ProgressTree()
    tree.report(percent=80, done=8)
    again = ProgressTree.restore(tree.snapshot(NOW))
    again.report(message="starting anew")
    assert percent(again) == 80
    again.report(percent=10)
    assert (percent(again), note(again)) == (10, "counted anew from what is saved: 80 % had been reached")
    again.report(percent=5)
    assert percent(again) == 10


def test_phases_of_another_attempt_move_the_bar_without_counters() -> None:
    """A resumed job whose phases count nothing goes on from the stored percentage."""
    tree = ProgressTree()
    tree.plan("scan", "copy", "check")
    tree.close(tree.open("scan"))
    again = ProgressTree.restore(tree.snapshot(NOW))
    again.close(again.open("scan"))
    assert percent(again) == 33
    again.close(again.open("copy"))
    assert (percent(again), note(again)) == (66, None)


def test_a_plan_that_is_declared_again_changes_nothing() -> None:
    """Rule 6: a resumed function declares its plan again; the bar stays where it was, without a note."""
    tree = ProgressTree()
    tree.plan("scan", "copy")
    tree.close(tree.open("scan"))
    again = ProgressTree.restore(tree.snapshot(NOW))
    again.plan("scan", "copy")
    assert (percent(again), note(again)) == (50, None)


def test_work_is_that_of_the_job_without_a_plan() -> None:
    """The time left of a plain job comes from its counters; from a percentage where there is one."""
    tree = ProgressTree()
    tree.report(done=3, total=9, unit="rows")
    assert tree.work() == Work(3, 9, "rows")
    tree.report(percent=40)
    assert tree.work() == Work(40, 100, "%")


def test_work_of_a_phase_without_a_plan_has_no_total() -> None:
    """The end of a phase whose sisters are not known is not the end of the job."""
    tree = ProgressTree()
    tree.report(tree.open("copy"), done=3, total=9)
    assert tree.work() == Work(3, None, None, "copy")


def test_work_of_a_plan_is_the_current_phase_and_those_ahead() -> None:
    """Finished phases are no work; nested ones count by their share, begun ones by what is left."""
    tree = ProgressTree()
    tree.plan({"scan": 20, "copy": 40, "check": 40})
    tree.close(tree.open("scan"))
    tree.report(tree.open("check"), done=1, total=4)
    copy = tree.open("copy")
    tree.plan({"tables": 3, "files": 1}, parent=copy)
    tree.report(tree.open("tables", parent=copy), done=5, total=50)
    ahead = (Ahead("copy / files", 0.1), Ahead("check", 0.4, 4, 0.75))
    assert tree.work() == Work(5, 50, None, "copy / tables", 0.4 * 3 / 4, ahead)


def test_between_phases_the_next_one_is_the_work() -> None:
    """Nothing runs between two phases: the next one counts; when all are over, nothing is left."""
    tree = ProgressTree()
    tree.plan("scan", "copy")
    tree.close(tree.open("scan"))
    assert tree.work() == Work(0, None, None, "copy", 0.5)
    tree.close(tree.open("copy"))
    assert tree.work() == Work(1, 1, None, "copy", 0.5)


@given(st.lists(st.tuples(st.floats(0.01, 1e6), st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=8))
def test_a_parent_is_the_weighted_mean_of_its_phases(parts: list[tuple[float, int, int]]) -> None:
    """For all weights and counts: the fraction of the whole lies between those of its parts, weighted."""
    root = Phase("")
    for n, (weight, done, more) in enumerate(parts):
        root.phases[str(n)] = Phase(str(n), root, weight, planned=True, done=done, total=done + more)
    fractions = [phase.fraction or 0.0 for phase in root.phases.values()]
    mean = sum(w * f for (w, _, _), f in zip(parts, fractions, strict=True)) / sum(w for w, _, _ in parts)
    assert root.fraction == pytest.approx(mean)
    assert sum(share for _, share in root.leaves()) == pytest.approx(1)


class AnyUse(RuleBasedStateMachine):
    """Any order of plans, phases and reports keeps the promises of rule 7."""

    def __init__(self) -> None:
        super().__init__()
        self.tree = ProgressTree()
        self.before = self.tree.snapshot(NOW)
        self.grown = False

    def phases(self) -> list[Phase]:
        """The job and all its phases."""
        found = [self.tree.root]
        for phase in found:
            found.extend(phase.phases.values())
        return found

    @rule(names=st.lists(st.sampled_from("abcd"), min_size=1, unique=True), at=st.integers(0, 9))
    def plan(self, names: list[str], at: int) -> None:
        parent = self.phases()[at % len(self.phases())]
        had = {phase.name for phase in parent.planned_phases}
        self.grown |= bool(had) and not had.issuperset(names)
        self.tree.plan(dict.fromkeys(names, 2.0), parent=parent)

    @rule(name=st.sampled_from("abcde"), weight=st.floats(0.1, 9), at=st.integers(0, 9))
    def open(self, name: str, weight: float, at: int) -> None:
        parent = self.phases()[at % len(self.phases())]
        known = parent.phases.get(name)
        if known is None or known.state != "running":
            self.grown |= known is None and bool(parent.planned_phases)
            self.tree.open(name, weight, parent)

    @precondition(lambda self: self.tree.current)
    @rule(skipped=st.booleans())
    def close(self, skipped: bool) -> None:
        assert self.tree.current is not None
        self.tree.close(self.tree.current, skipped=skipped)

    @rule(
        at=st.integers(0, 9),
        done=st.none() | st.integers(0, 20),
        total=st.none() | st.integers(0, 20),
        percent=st.none() | st.none() | st.floats(0, 100),
    )
    def report(self, at: int, done: int | None, total: int | None, percent: float | None) -> None:
        phase = self.phases()[at % len(self.phases())]
        old = phase.total
        self.tree.report(phase, done=done, total=total, percent=percent)
        self.grown |= old is not None and phase.total is not None and phase.total > old

    @rule()
    def another_attempt(self) -> None:
        self.tree = ProgressTree.restore(self.before)
        assert self.tree.snapshot(NOW).percent == self.before.percent

    @rule()
    def completed(self) -> None:
        """A copy is completed, so that the rules can go on."""
        copy = ProgressTree.restore(self.before)
        copy.complete()
        assert copy.snapshot(NOW).percent == 100

    @invariant()
    def the_percentage_keeps_its_promises(self) -> None:
        now = self.tree.snapshot(NOW)
        assert now.percent is None or 0 <= now.percent <= 99
        if self.before.percent is not None and (now.percent is None or now.percent < self.before.percent):
            assert now.note
            assert self.grown or now.note.startswith("counted anew")
        self.before, self.grown = now, False

    @invariant()
    def sums_hold_in_every_phase(self) -> None:
        def check(view: PhaseView) -> None:
            assert view.failed >= sum(inner.failed for inner in view.phases)
            assert view.total is None or view.done <= view.total
            for inner in view.phases:
                check(inner)

        for view in self.before.phases:
            check(view)


TestAnyUse = AnyUse.TestCase
