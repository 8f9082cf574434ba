"""Runs Spin on a model of `protocol/`: it writes a checker in C, which visits every state."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from shutil import which

PROTOCOL = Path(__file__).parents[2] / "protocol"
_INSTALL = "apt-get install --no-install-recommends spin gcc libc6-dev, or `make system`"


class NoSpin(Exception):
    """A program is missing; the message says how to install it."""


@dataclass(frozen=True)
class Verdict:
    """What the checker found: violations (it stops at the first), states visited, code never reached."""

    errors: int
    states: int
    unreached: list[str]
    output: str


def check(model: str, folder: Path, *defines: str) -> Verdict:
    """Visit every state of `protocol/<model>.pml`: assertions, and that nothing hangs."""
    _generate(model, folder, defines)
    _compile(folder, "-O1", "-DSAFETY", "-DCOLLAPSE")
    return _run(folder, "-m100000")


def check_in_time(model: str, folder: Path, *defines: str) -> Verdict:
    """Visit every run of the model for its formula in time, under weak fairness."""
    _generate(model, folder, ("LIVENESS", *defines))
    _compile(folder, "-O1", "-DCOLLAPSE", "-DNFAIR=3")
    return _run(folder, "-a", "-f", "-m100000")


def shortest(model: str, folder: Path, *defines: str) -> Verdict:
    """As `check`, breadth first: made for models with an error, whose shortest trace it finds."""
    _generate(model, folder, ("SHORTEST", *defines))
    _compile(folder, "-O0", "-DSAFETY", "-DBFS")
    return _run(folder)


def _generate(model: str, folder: Path, defines: tuple[str, ...]) -> None:
    _call(folder, "spin", *(f"-D{name}" for name in defines), "-a", str(PROTOCOL / f"{model}.pml"))


def _compile(folder: Path, *options: str) -> None:
    _call(folder, "gcc", *options, "-o", "pan", "pan.c")


def _run(folder: Path, *options: str) -> Verdict:
    output = _call(folder, str(folder / "pan"), *options)
    errors = re.search(r"errors: (\d+)", output)
    states = re.search(r"(\d+(?:\.\d+e\+\d+)?) states, stored", output)
    if errors is None or states is None or "max search depth too small" in output:
        raise AssertionError(f"the checker of {folder} was asked for errors and states, but said:\n{output}")
    unreached = [line.strip() for line in output.splitlines() if ".pml:" in line and '"-end-"' not in line]
    return Verdict(int(errors[1]), int(float(states[1])), unreached, output)


def _call(folder: Path, program: str, *arguments: str) -> str:
    if which(program) is None:
        raise NoSpin(f"{program} is missing, the model of the protocol needs it; install it: {_INSTALL}")
    done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = done.stdout + done.stderr
        raise AssertionError(f"{program} {' '.join(arguments)} ended with {done.returncode}: {said}")
    return done.stdout + done.stderr
