"""A command that runs apart from the terminal: a process of its own has it, and says how the start went."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from typing import IO, Any

import msgspec

from headway.cli import exitcodes
from headway.cli.app import App
from headway.cli.jsonout import emit
from headway.cli.text import one_line
from headway.errors import HeadwayError
from headway.runtime.context import Context

OPTIONS = ("name", "session", "external_id", "progress_regex", "cwd")


class NotStarted(HeadwayError):
    """The supervisor could not begin the job; the message is its own."""

    code = "not_started"


def detach(app: App, options: dict[str, Any]) -> int:
    """Starts the command apart from this terminal, and returns when its job is stored. Raises NotStarted."""
    program = options["command"][0]
    if shutil.which(program, path=os.environ.get("PATH")) is None and "/" not in program:
        app.say(f"headway: {one_line(program)} is not on the PATH; nothing was started.")
        return exitcodes.NO_SUCH_COMMAND
    _, number, identity = _start(app, options, subprocess.DEVNULL)
    if app.json:
        emit({"job": app.hw.get(identity).to_dict()})
    else:
        print(f"{number}  {identity}  running", flush=True)
        app.say(f"Follow: headway watch {number} · Output: headway logs -f {number} · Stop: headway cancel {number}")
    return exitcodes.DONE


def follow(app: App, options: dict[str, Any]) -> int:
    """Starts the command in its own session, on this terminal: Ctrl-C leaves it running."""
    process, number, _ = _start(app, options, None)
    try:
        for name in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, lambda number, frame: process.send_signal(number))
        code = process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGHUP)  # it stops writing to this terminal
        app.say(f"\nStill running. Reattach: headway watch {number} · Stop: headway cancel {number}")
        return exitcodes.DETACHED
    return code if code >= 0 else 128 - code


def began(told: IO[bytes], context: Context) -> None:
    """Says, from the supervisor, which job has begun."""
    _tell(told, {"number": context.job.number, "id": context.job_id})


def failed(told: IO[bytes], error: Exception) -> None:
    """Says, from the supervisor, why the job could not begin."""
    if not told.closed:
        _tell(told, {"error": str(error)})


def _tell(told: IO[bytes], what: dict[str, Any]) -> None:
    told.write(msgspec.json.encode(what))
    told.close()


def _start(app: App, options: dict[str, Any], stdio: int | None) -> tuple[subprocess.Popen[bytes], int, str]:
    """The supervisor, the number and the id of its job."""
    reading, writing = os.pipe()
    # Inside a job it would add to that job; here it is to outlive it.
    own = {name: value for name, value in os.environ.items() if name not in ("HEADWAY_JOB", "HEADWAY_ATTEMPT")}
    own["HEADWAY_URL"] = (
        app.hw.url
    )  # not an argument: those are there for everybody to read, and it may hold a password
    with open(reading, "rb") as answer:
        try:
            process = subprocess.Popen(
                _command(options, writing), stdin=stdio, stdout=stdio, stderr=stdio, env=own,
                pass_fds=(writing,), start_new_session=True,
            )  # fmt: skip
        finally:
            os.close(writing)
        said = answer.read()
    if not said:
        raise NotStarted(f"The supervisor ended with exit code {process.wait()} before its job had begun.")
    found = msgspec.json.decode(said)
    if "error" in found:
        process.wait()
        raise NotStarted(found["error"])
    return process, found["number"], found["id"]


def _command(options: dict[str, Any], announce: int) -> list[str]:
    """The same call of `headway run`. -P: no file of the current folder is taken for one of ours."""
    words = [sys.executable, "-P", "-m", "headway", "run", f"--announce={announce}"]
    words += [f"--{name.replace('_', '-')}={options[name]}" for name in OPTIONS if options[name] is not None]
    words += [f"--label={label}" for label in options["labels"]]
    return [*words, "--", *options["command"]]
