"""Blocks of a process of one's own: a job that nobody else takes, that waits in place and ends with the block."""

from __future__ import annotations

import threading
from contextvars import copy_context

import pytest

import headway
from headway import AlreadyRunning, Conflict, Context, Halt, Headway
from headway.store import sweeping
from headway.testing import Clock
from tests.contract.programs import program
from tests.contract.traces import Trace


def test_a_block_is_a_job(hw: Headway) -> None:
    """Begun it is running, ended it is completed; its name, input, ids and labels are as given."""
    with hw.tracked(
        "Nightly import", type="import", input={"n": 1}, external_id="nightly", labels={"a": "b"}, show=False
    ) as ctx:
        job = hw.get("nightly")
        assert (job.name, job.type, job.state, job.outside) == ("Nightly import", "import", "running", True)
        assert (job.input, job.labels, ctx.input, ctx.attempt) == ({"n": 1}, {"a": "b"}, {"n": 1}, 1)
        assert headway.current_context() is ctx
    assert headway.current_context() is None
    assert hw.get(job).state == "completed"


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (ValueError("torn"), "failed"), (KeyboardInterrupt(), "interrupted"), (SystemExit(1), "failed"),
        (SystemExit("no such host"), "failed"), (SystemExit(0), "completed"), (SystemExit(), "completed"),
    ],
    ids=["an error", "Ctrl-C", "exit 1", "exit with a word", "exit 0", "exit"],
)  # fmt: skip
def test_a_block_ends_as_it_was_left(hw: Headway, error: BaseException, state: str) -> None:
    """An exception fails the job, Ctrl-C interrupts it, sys.exit() without a fault completes it; each passes on."""
    with pytest.raises(type(error)) as passed, hw.tracked("Import", external_id="nightly", show=False):
        raise error
    assert passed.value is error
    assert hw.get("nightly").state == state


def test_a_block_keeps_its_error(hw: Headway) -> None:
    """Message and trace are on the job."""
    with pytest.raises(ValueError, match="torn"), hw.tracked("Import", external_id="nightly", show=False):
        raise ValueError("torn")
    error = hw.get("nightly").error
    assert error
    assert (error.message, "test_context_blocks" in str(error.trace)) == ("ValueError: torn", True)


def test_a_block_goes_on_under_its_external_id(hw: Headway) -> None:
    """Doors 8: what was interrupted or failed goes on, with state and finished steps; what ended begins anew."""
    called: list[int] = []
    for error in (KeyboardInterrupt(), ValueError("torn"), None, None):
        try:
            with hw.tracked("Import", external_id="nightly", show=False) as ctx:
                ctx.step("fetch", called.append, ctx.attempt)
                ctx.checkpoint(attempts=[*ctx.state.get("attempts", []), ctx.attempt])
                if error:
                    raise error
        except (KeyboardInterrupt, ValueError):
            pass
    assert [(job.state, job.attempt) for job in hw.jobs()] == [("completed", 1), ("completed", 3)]
    assert called == [1, 1]
    assert hw.checkpoint(hw.jobs()[1])["state"] == {"attempts": [1, 2, 3]}


def test_a_block_that_is_alive_is_not_begun_again(hw: Headway) -> None:
    """Doors 8: where cron overlaps, the second one is told which job is at work and how to stop it."""
    with hw.tracked("Import", external_id="nightly", show=False) as ctx:
        with pytest.raises(AlreadyRunning, match="headway cancel 1") as refused:
            hw.tracked("Import", external_id="nightly", show=False).__enter__()
        assert refused.value.job_id == ctx.job_id
    assert hw.get("nightly").state == "completed"


def test_a_block_has_its_context_alone(hw: Headway) -> None:
    """one_per_context holds for blocks too."""
    with hw.tracked("Import", context_id="vm-7", one_per_context=True, show=False) as ctx:
        with pytest.raises(Conflict) as refused:
            hw.tracked("Other", context_id="vm-7", one_per_context=True, show=False).__enter__()
        assert refused.value.job_id == ctx.job_id


def test_a_paused_block_goes_on_when_it_is_begun_again(hw: Headway, trace: Trace) -> None:
    """A8: the program that was paused has ended; the same program brings the job back by its external id."""
    block = hw.tracked("Import", external_id="nightly", show=False)
    context = copy_context().run(block.begin)
    context.checkpoint(page=7)
    assert trace.make(context.job_id, "user", "pause")
    assert trace.make(context.job_id, "sweep", "lose")
    with hw.tracked("Import", external_id="nightly", show=False) as ctx:
        assert (ctx.attempt, ctx.state) == (2, {"page": 7})
    assert hw.get("nightly").state == "completed"


def test_a_pause_waits_in_place(live: Headway) -> None:
    """Doors 9: the job is paused as everywhere, without a lease; after the resume this process takes it again."""
    asked, gone_on = threading.Event(), []

    def use() -> None:
        with live.tracked("Import", external_id="nightly", show=False) as ctx:
            ctx.checkpoint(page=7)
            asked.set()
            while ctx.attempt == 1:
                ctx.sleep(0.01)
            gone_on.append((ctx.attempt, dict(ctx.state)))
            ctx.step("after", int)

    using = threading.Thread(target=use)
    using.start()
    asked.wait()
    live.pause("nightly", reason="the disk is full")
    paused = live.wait("nightly", until="paused")
    assert (paused.marks, gone_on) == ({}, [])
    assert sweeping.sweep(live._database) == []
    live.resume("nightly")
    using.join()
    assert gone_on == [(2, {"page": 7})]
    assert [attempt.outcome for attempt in live.attempts("nightly")] == ["halt", "finish"]


def test_a_cancel_of_a_block_that_waits_ends_it(live: Headway) -> None:
    """Doors 9: cancelled while it waits, Halt passes out of the block, so that nothing after it runs."""
    asked, why = threading.Event(), []

    def use() -> None:
        try:
            with live.tracked("Import", external_id="nightly", show=False) as ctx:
                asked.set()
                while True:
                    ctx.sleep(3600)
        except Halt as halt:
            why.append(halt.why)

    using = threading.Thread(target=use)
    using.start()
    asked.wait()
    live.pause("nightly")
    live.wait("nightly", until="paused")
    live.cancel("nightly")
    using.join()
    assert (why, live.get("nightly").state) == (["cancel"], "cancelled")


def test_a_cancel_passes_out_of_the_block(hw: Headway) -> None:
    """Doors 9: cancel raises Halt out of the block."""

    def use() -> None:
        with hw.tracked("Import", external_id="nightly", show=False) as ctx:
            hw.cancel("nightly")
            ctx.check()

    with pytest.raises(Halt) as halt:
        use()
    assert halt.value.why == "cancel"
    assert hw.get("nightly").state == "cancelled"


SCRIPT = """
import sys
from headway import Headway
hw = Headway(sys.argv[1])
with hw.tracked("Import", external_id="nightly", show=False) as ctx:
    ctx.checkpoint(page=7)
    print("at work", ctx.attempt, flush=True)
    while True:
        ctx.sleep(3600)
print("after the block", flush=True)
"""


def test_a_cancelled_script_ends_calmly(live: Headway, capfd: pytest.CaptureFixture[str]) -> None:
    """Doors 9: uncaught, the script ends with one line and exit code 5; nothing after the block runs."""
    with program(SCRIPT, live.url) as script:
        assert script.hear() == "at work 1"
        live.cancel("nightly")
        assert script.hear() == ""
        assert script.end() == 5
    assert capfd.readouterr().err == "headway: stopped here (cancel); what was done is kept.\n"
    assert live.get("nightly").state == "cancelled"


def test_a_script_that_may_not_begin_ends_calmly(live: Headway, capfd: pytest.CaptureFixture[str]) -> None:
    """Doors 8: uncaught, AlreadyRunning is one line that names the job, and the exit code of a refused start."""
    with live.tracked("Import", external_id="nightly", show=False) as ctx, program(SCRIPT, live.url) as script:
        assert script.end() == 1
        said = capfd.readouterr().err
    assert said.startswith(f"headway: 'Import' is running already as job {ctx.job.number}, in worker ")
    assert said.count("\n") == 1


SHOWN = """
import sys
import headway
hw = headway.Headway(sys.argv[1])
for n in hw.track(range(3), "Copy"):
    print(n, flush=True)
    while n == 1:
        headway.current_context().sleep(3600)
"""


def test_a_bar_tells_of_a_pause_and_a_cancel(live: Headway, capfd: pytest.CaptureFixture[str]) -> None:
    """The terminal of a script says that it is paused and how it goes on, and that it was cancelled."""
    with program(SHOWN, live.url) as script:
        assert [script.hear(), script.hear()] == ["0", "1"]
        (job,) = live.jobs(active=True)
        live.pause(job)
        live.wait(job, until="paused")
        live.resume(job)
        live.wait(job, until="running")
        live.cancel(job)
        assert script.end() == 5
    said = capfd.readouterr().err
    assert f"Copy  paused: headway resume {job.number}\n" in said
    assert "Copy  cancelled  1/3 " in said


def test_a_killed_script_is_taken_up_by_the_next(live: Headway) -> None:
    """Doors 8: the job of a script that was killed goes on in the next one, at once."""
    with program(SCRIPT, live.url) as script:
        assert script.hear() == "at work 1"
    with live.tracked("Import", external_id="nightly", show=False) as ctx:
        assert (ctx.attempt, ctx.state) == (2, {"page": 7})
    assert live.get("nightly").state == "completed"


def test_a_pause_reaches_another_process(live: Headway) -> None:
    """Control goes through the database alone: a script of another process halts, waits and goes on."""
    with program(SCRIPT, live.url) as script:
        assert script.hear() == "at work 1"
        live.pause("nightly")
        assert live.wait("nightly", until="paused").attempt == 1
        live.resume("nightly")
        again = live.wait("nightly", until="running")
        assert (again.attempt, again.outside) == (2, True)
        live.cancel("nightly")
        assert script.end() == 5


CHILD = """
import sys
import headway
with headway.tracked("inner", show=False) as ctx:
    ctx.log("from the child")
    ctx.step("in the child", int)
for _ in headway.track(range(3), "rows", show=False):
    pass
"""


def test_a_child_process_joins_the_job(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Doors 6: in a child process of a job, track and tracked join that job instead of making their own."""
    with Headway(url) as hw, hw.tracked("outer", show=False) as ctx:
        monkeypatch.setenv("HEADWAY_URL", url)
        monkeypatch.setenv("HEADWAY_JOB", ctx.job_id)
        monkeypatch.setenv("HEADWAY_ATTEMPT", str(ctx.attempt))
        with program(CHILD) as child:
            assert child.end() == 0
        (job,) = hw.jobs()
        assert (job.id, job.state) == (ctx.job_id, "running")
        assert [line.data["text"] for line in hw.logs(job)] == ["from the child"]
        assert [step.name for step in hw.steps(job)] == ["in the child"]


def test_a_child_process_of_an_attempt_that_is_over_says_nothing(
    url: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """G2: a process that outlives its attempt writes nothing into the next one."""
    with Headway(url) as hw:
        with hw.tracked("outer", external_id="nightly", show=False) as ctx:
            pass
        monkeypatch.setenv("HEADWAY_URL", url)
        monkeypatch.setenv("HEADWAY_JOB", ctx.job_id)
        monkeypatch.setenv("HEADWAY_ATTEMPT", "1")
        with program(CHILD) as child:
            assert child.end() == 5
        assert hw.logs(ctx.job_id) == []
    assert capfd.readouterr().err.count("\n") == 1


def test_the_doors_use_the_users_own_database(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """headway.track and headway.tracked outside a job are those of Headway(): $HEADWAY_URL, else the user's file."""
    monkeypatch.setenv("HEADWAY_URL", url)
    with program(CHILD) as child:
        assert child.end() == 0
    with Headway(url) as hw:
        assert [(job.name, job.state) for job in hw.jobs()] == [("rows", "completed"), ("inner", "completed")]


def test_a_block_in_a_thread_is_its_own_job(hw: Headway) -> None:
    """Each thread has a current job of its own."""
    names: list[str] = []

    def use(name: str) -> None:
        with hw.tracked(name, show=False) as ctx:
            current = headway.current_context()
            assert current is ctx
            names.append(ctx.job.name)

    with hw.tracked("outer", show=False):
        threads = [threading.Thread(target=use, args=(name,)) for name in ("a", "b")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(names) == ["a", "b"]
    assert {(job.name, job.state) for job in hw.jobs()} == {(name, "completed") for name in ("outer", "a", "b")}


def test_a_context_may_be_handed_to_a_thread(hw: Headway) -> None:
    """Doors 15: what another thread says with the context is the block's."""

    def use(ctx: Context) -> None:
        ctx.log("from a thread")
        ctx.step("in a thread", int)

    with hw.tracked("outer", external_id="nightly", show=False) as ctx:
        thread = threading.Thread(target=use, args=(ctx,))
        thread.start()
        thread.join()
    assert [line.data["text"] for line in hw.logs("nightly")] == ["from a thread"]
    assert hw.steps("nightly")[0].state == "completed"


def test_a_database_that_is_closed_inside_a_block_interrupts_it(
    address: str, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """close() inside an open block leaves no job running that nobody works at: it is interrupted, and its code hears
    of it at the next checkpoint."""
    with Headway(address, clock=clock) as hw:
        block = hw.tracked("Import", show=False)
        ctx = block.begin()
        ctx.progress(add=3)
        if address != ":memory:":
            hw.close()
            job = hw.get(ctx.job_id)
            assert (job.state, job.progress and job.progress.done) == ("interrupted", 3)
            assert f"job {job.id} is interrupted" in caplog.text
        else:
            hw._office.close()
        with pytest.raises(Halt) as halt:
            ctx.checkpoint(page=7)
        block.end("fail", halt.value)
