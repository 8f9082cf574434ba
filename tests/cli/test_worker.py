"""`headway worker`: runs jobs of the types it has."""

from __future__ import annotations

import json
import os
import signal

import pytest

from headway import Headway
from tests.cli.command import Cli


def test_a_worker_without_types_is_refused(cli: Cli) -> None:
    """It could run nothing: it says so, and how to name modules."""
    done = cli("worker")
    assert done.returncode == 2
    assert "--import jobs.py" in done.stderr


@pytest.mark.parametrize("name", ["jobs", "jobs.py", "./jobs.py", "HOME/jobs.py"])
def test_modules_are_found_from_the_current_folder(cli: Cli, hw: Headway, name: str) -> None:
    """A module or a file, by name or path; --until-idle ends when nothing is left to do."""
    job = hw.submit("quick")
    done = cli("worker", "--import", name.replace("HOME", str(cli.home)), "--until-idle")
    assert (done.returncode, hw.get(job).state) == (0, "completed")
    assert "quick (jobs)" in done.stderr


@pytest.mark.parametrize("name", ["nothing", "nothing.py"])
def test_a_module_that_is_not_there_is_named(cli: Cli, name: str) -> None:
    """The message names the module and where it was looked for."""
    done = cli("worker", "--import", name)
    assert done.returncode == 2
    assert f"no {'file' if name.endswith('.py') else 'module'} " in done.stderr
    assert str(cli.home) in done.stderr


@pytest.mark.parametrize(
    ("text", "frames", "said"),
    [
        ("import headway\n\n@headway.job(\n", 0, "SyntaxError: "),
        ("import headway\nimport nowhere\n", 1, "ModuleNotFoundError: No module named 'nowhere'"),
        ("import headway\n\n@headway.job('a', slot=1)\ndef a(ctx): ...\n", 1, "TypeError: "),
        ("import other\n", 2, "ModuleNotFoundError: No module named 'nowhere'"),
    ],
)
@pytest.mark.parametrize("folder", [".", "elsewhere", "not-a-name"])
def test_an_error_of_a_module_begins_where_the_module_does(
    cli: Cli, folder: str, text: str, frames: int, said: str
) -> None:
    """Whoever wrote the module reads its own lines, without those of the command that imports it."""
    (cli.home / folder).mkdir(exist_ok=True)
    (cli.home / folder / "broken.py").write_text(text)
    (cli.home / "other.py").write_text("import nowhere\n")
    done = cli("worker", "--import", f"{folder}/broken.py")
    assert (done.returncode, f"headway: {said}" in done.stderr) == (1, True), done
    lines = [line for line in done.stderr.splitlines() if line.startswith("  File ")]
    assert len([line for line in lines if ", in " in line and "importlib" not in line]) == frames, done.stderr
    assert "broken.py" in lines[0]
    assert "click" not in done.stderr


def test_types_and_queues_narrow_what_it_takes(cli: Cli, hw: Headway) -> None:
    """--type and --queue: other jobs stay pending."""
    hw.submit("quick", queue="q")
    hw.submit("quick")
    hw.submit("broken", queue="q")
    cli("worker", "--import", "jobs.py", "--type", "quick", "--queue", "q", "--until-idle")
    assert [job.state for job in hw.jobs()] == ["pending", "pending", "completed"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_at_a_checkpoint(each_cli: Cli, number: int) -> None:
    """SIGTERM and Ctrl-C let jobs halt at their next checkpoint and go back to the queue; exit code 0."""
    worker = each_cli.start("worker", "--import", "jobs.py")
    with Headway(each_cli.url) as hw:
        job = hw.submit("gate", {"path": str(each_cli.home / "never")})
        next(event for event in hw.watch(job) if event.kind == "step")  # its code is at work
        os.kill(worker.pid, number)
        _, said = worker.communicate()
        assert (worker.returncode, hw.get(job).state) == (0, "pending")
    assert b"Stopping at the next checkpoint of 1 job." in said


def test_the_second_signal_stops_it_at_once(cli: Cli, hw: Headway) -> None:
    """Where a job reaches no checkpoint, a second signal ends the worker; the job is found to be lost."""
    (cli.home / "deaf.py").write_text(
        "import headway, threading\n"
        "@headway.job('deaf', recover=False)\n"
        "def deaf(ctx):\n    ctx.log('ready')\n    threading.Event().wait()\n"
    )
    worker = cli.start("worker", "--import", "deaf.py")
    job = hw.submit("deaf")
    next(event for event in hw.watch(job) if event.kind == "log")
    worker.terminate()
    assert worker.stderr is not None
    while b"Stopping" not in worker.stderr.readline():
        pass
    worker.terminate()
    assert worker.wait() == 143
    assert hw.wait(job, until="interrupted").state == "interrupted"


def test_grace_bounds_how_long_it_waits(cli: Cli, hw: Headway) -> None:
    """--grace: where a job reaches no checkpoint the worker ends after so long, with exit code 143; the job is found
    interrupted.
    """
    (cli.home / "deaf.py").write_text(
        "import headway, threading\n"
        "@headway.job('deaf', recover=False)\n"
        "def deaf(ctx):\n    ctx.log('ready')\n    threading.Event().wait()\n"
    )
    worker = cli.start("worker", "--import", "deaf.py", "--grace", "1s")
    job = hw.submit("deaf")
    next(event for event in hw.watch(job) if event.kind == "log")
    worker.terminate()
    _, said = worker.communicate()
    assert (worker.returncode, b"1 job did not halt in time" in said) == (143, True)
    assert hw.wait(job, until="interrupted").state == "interrupted"


def test_it_tells_when_jobs_begin_and_end(cli: Cli, hw: Headway) -> None:
    """A line when a job begins and one when it ends; a failed one has its error, and the command that shows more."""
    hw.submit("quick")
    hw.submit("broken")
    said = cli("worker", "--slots", "1", "--import", "jobs.py", "--until-idle").stderr
    for line in ("Job 1 (quick) began", "Job 1 (quick) completed after ", "Job 2 (broken) began"):
        assert f"INFO {line}" in said
    assert "WARNING Job 2 (broken) failed: ValueError: no such table: users (more: headway show 2)" in said


def test_it_tells_of_jobs_as_json(cli: Cli, hw: Headway) -> None:
    """--json: its log is one JSON object a line, with the event and the job in members of their own."""
    job = hw.submit("broken")
    lines = cli("worker", "--json", "--import", "jobs.py", "--until-idle").stderr.splitlines()
    told = [json.loads(line) for line in lines if line.startswith("{")]
    assert [(one["event"], one["job"], one["number"]) for one in told] == [("began", job.id, 1), ("failed", job.id, 1)]
    assert told[1]["error"] == "ValueError: no such table: users"


def test_it_is_quiet_where_that_is_asked(cli: Cli, hw: Headway) -> None:
    """--quiet: nothing of jobs that begin and end."""
    hw.submit("broken")
    assert "Job 1" not in cli("worker", "--quiet", "--import", "jobs.py", "--until-idle").stderr
