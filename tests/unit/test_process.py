"""A command with its descendants: read, stopped, continued and ended, with real processes and signals."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGKILL, SIGTERM

import pytest

from headway.runtime.lines import MAX_LINE_BYTES, Line
from headway.runtime.process import ProcessGroup
from tests.support.processes import lives, wait_for_state

# A shell, a grandchild in the same group, and one in the group that `timeout` makes; each tells its id.
FAMILY = "echo $$; sh -c 'echo $$; exec sleep 1000' & timeout 1000 sh -c 'echo $$; exec sleep 1000' & wait"
# It cleans up when it is asked to end.
POLITE = """
import signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
print("ready", flush=True)
signal.sigwait([signal.SIGTERM])
print("bye", flush=True)
sys.exit(5)
"""

# How many more descriptors it has after two commands; in a process of its own, where nobody else opens and closes any.
COUNTING = """
import os
from contextlib import suppress
from headway.runtime.process import ProcessGroup

def run(program):
    with ProcessGroup([program], pty=True) as group:
        group.pump(print)

run("true")
before = len(os.listdir("/proc/self/fd"))
run("true")
with suppress(FileNotFoundError):
    run("no-such-program")
print(len(os.listdir("/proc/self/fd")) - before)
"""


@contextmanager
def running(script: str, program: str = "sh") -> Iterator[tuple[ProcessGroup, queue.Queue[str]]]:
    """A script whose lines come through a queue; killed at the end if it still runs."""
    lines: queue.Queue[str] = queue.Queue()
    with ProcessGroup([program, "-c", script]) as group:
        reader = threading.Thread(target=group.pump, args=(lambda line: lines.put(line.text),))
        reader.start()
        try:
            yield group, lines
        finally:
            group.end(grace_s=0)
            reader.join()


def run(argv: list[str], **options: object) -> tuple[ProcessGroup, list[Line]]:
    """Run a command to its end."""
    lines: list[Line] = []
    with ProcessGroup(argv, **options) as group:  # type: ignore[arg-type]
        group.pump(lines.append)
    return group, lines


def take(lines: queue.Queue[str], count: int) -> list[str]:
    return [lines.get(timeout=60) for _ in range(count)]


def test_both_streams_are_read_to_the_last_byte() -> None:
    """Every line comes with the name of its stream, the last one without a newline too."""
    group, lines = run(["sh", "-c", "echo one; echo two >&2; printf three"])
    assert {(line.stream, line.text) for line in lines} == {
        ("stdout", "one"),
        ("stderr", "two"),
        ("stdout", "three"),
    }
    assert (group.exit_code, group.signal) == (0, None)


def test_no_line_is_lost_when_the_command_ends() -> None:
    """What was printed just before the end is read."""
    _, lines = run(["seq", "200000"])
    assert [line.text for line in lines] == [str(number) for number in range(1, 200001)]


@pytest.mark.parametrize("code", [1, 77, 255])
def test_the_exit_code_is_kept(code: int) -> None:
    """A command's own code comes back as it is."""
    group, _ = run(["sh", "-c", f"exit {code}"])
    assert (group.exit_code, group.signal) == (code, None)


def test_a_signal_gives_the_code_that_shells_give() -> None:
    """Ended by signal n: 128 + n, and the n itself."""
    group, _ = run(["sh", "-c", "kill -KILL $$"])
    assert (group.exit_code, group.signal) == (128 + SIGKILL, SIGKILL)


def test_endless_lines_take_little_memory() -> None:
    """100 MB without a newline never stand in memory, and the line says how much was cut."""
    tracemalloc.start()
    try:
        _, (line,) = run(["head", "-c", "100000000", "/dev/zero"])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert line.text.endswith(f" [cut: {100_000_000 - MAX_LINE_BYTES} more bytes]")
    assert peak < 2_000_000


def test_bytes_of_all_kinds_are_read() -> None:
    """Every byte value gives text that can be stored: no NUL and no half character."""
    program = "import sys; sys.stdout.buffer.write(bytes(range(256)) * 50)"
    _, lines = run([sys.executable, "-c", program])
    text = "\n".join(line.text for line in lines)
    assert "\0" not in text
    assert text.encode().decode() == text


def test_stop_suspends_every_process_and_resume_lets_them_go_on() -> None:
    """SIGSTOP and SIGCONT reach grandchildren, also one that moved to a group of its own."""
    with running(FAMILY) as (group, lines):
        pids = [int(text) for text in take(lines, 3)]
        group.stop()
        for pid in pids:
            wait_for_state(pid, "T")
        group.resume()
        for pid in pids:
            wait_for_state(pid, "RS")


def test_end_reaches_every_process() -> None:
    """After `end` none of the session lives, wherever in the tree it was."""
    with running(FAMILY) as (group, lines):
        pids = [int(text) for text in take(lines, 3)]
        group.end(grace_s=60)
        assert not any(lives(pid) for pid in pids)
        assert group.members() == []


def test_end_lets_a_command_clean_up() -> None:
    """SIGTERM comes first; what a command prints while it cleans up is read, and its code is kept."""
    with running(POLITE, sys.executable) as (group, lines):
        assert take(lines, 1) == ["ready"]
        group.end(grace_s=60)
        assert take(lines, 1) == ["bye"]
    assert group.exit_code == 5


def test_a_stopped_command_gets_to_see_the_request_to_end() -> None:
    """`end` continues a stopped group, so that it can clean up."""
    with running(POLITE, sys.executable) as (group, lines):
        take(lines, 1)
        group.stop()
        group.end(grace_s=60)
        assert take(lines, 1) == ["bye"]


def test_who_ignores_the_request_is_killed_after_the_grace() -> None:
    """SIGKILL ends a command that ignores SIGTERM."""
    with running("trap '' TERM; echo ready; while :; do sleep 1000; done") as (group, lines):
        take(lines, 1)
        group.end(grace_s=0.05)
    assert (group.exit_code, group.signal) == (128 + SIGKILL, SIGKILL)


def test_a_grandchild_that_ignores_the_request_is_killed_too() -> None:
    """The grace is also for those that outlive the command itself."""
    with running("(trap '' TERM; echo ready; exec sleep 1000) & wait") as (group, lines):
        take(lines, 1)
        group.end(grace_s=0.05)
        assert group.members() == []
    assert group.signal == SIGTERM


def test_a_descendant_that_keeps_the_output_does_not_hold_the_end(tmp_path: Path) -> None:
    """When the command has ended its output is read for a short while only, though a daemon holds it open."""
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    daemon_of = "setsid sh -c 'echo $$; echo > $0; exec sleep 1000' $0 & read -r _ < $0; echo mine"
    group, lines = run(["sh", "-c", daemon_of, str(gate)], linger_s=0.2)
    texts = {line.text for line in lines}
    assert "mine" in texts
    (daemon,) = texts - {"mine"}
    assert lives(int(daemon))
    os.kill(int(daemon), SIGKILL)
    assert group.exit_code == 0


def test_a_descendant_that_chatters_does_not_hold_the_end() -> None:
    """A daemon that goes on printing is not waited for; it ends when nobody reads."""
    _, lines = run(["sh", "-c", "echo mine; setsid yes & exit 3"], linger_s=0.05)
    assert lines[0].text == "mine"


def test_a_command_that_closes_its_output_is_waited_for(tmp_path: Path) -> None:
    """The end of the output is not the end of the command."""
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    with ProcessGroup(["sh", "-c", 'exec >&- 2>&-; read -r code < "$0"; exit "$code"', str(gate)]) as group:
        reader = threading.Thread(target=group.pump, args=(print,))
        reader.start()
        with gate.open("w") as door:  # opens when the command has closed its output and waits
            assert reader.is_alive()
            door.write("4\n")
        reader.join()
    assert group.exit_code == 4


def test_text_that_waits_is_shown() -> None:
    """A meter without an end is seen while the command waits, not when it goes on."""
    with running("printf '\\r 42%%'; exec sleep 1000") as (_, lines):
        assert take(lines, 1) == [" 42%"]


def test_a_terminal_of_its_own_for_each_stream() -> None:
    """With pty both streams are terminals that keep apart, without echo and with plain newlines."""
    script = "test -t 1 && echo out; test -t 2 && echo err >&2; cat $PAGER.none 2>/dev/null; stty size <&1"
    _, lines = run(["sh", "-c", script], pty=True)
    assert {(line.stream, line.text) for line in lines} == {
        ("stdout", "out"),
        ("stderr", "err"),
        ("stdout", "40 120"),
    }


def test_a_terminal_loses_nothing() -> None:
    """Output through a terminal is complete."""
    _, lines = run(["seq", "50000"], pty=True)
    assert [line.text for line in lines] == [str(number) for number in range(1, 50001)]


def test_pagers_are_off_on_a_terminal() -> None:
    """A program on a terminal must not wait in a pager for a key."""
    env = {"PATH": os.environ["PATH"], "PAGER": "less", "TERM": "dumb"}
    _, lines = run(["sh", "-c", "echo $PAGER $GIT_PAGER $TERM"], pty=True, env=env)
    assert lines[0].text == "cat cat xterm"


def test_stdin_is_empty_unless_inherited() -> None:
    """A command that reads finds the end of the input and does not wait."""
    _, lines = run(["sh", "-c", "cat; echo read"])
    assert [line.text for line in lines] == ["read"]


def test_leaving_with_an_error_kills_the_command() -> None:
    """An exception in the block leaves nothing running."""
    with pytest.raises(KeyError), ProcessGroup(["sleep", "1000"]) as group:
        raise KeyError
    assert group.signal in {SIGTERM, SIGKILL}


def test_a_command_ends_when_its_supervisor_dies() -> None:
    """A supervisor that is killed takes its command along, so that the next attempt is alone."""
    program = (
        "from headway.runtime.process import ProcessGroup\n"
        "group = ProcessGroup(['sh', '-c', 'echo $$; exec sleep 1000'])\n"
        "group.pump(lambda line: print(line.text, flush=True))\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        pid = int(supervisor.stdout.readline())
        supervisor.kill()
    while lives(pid):
        os.sched_yield()


def test_a_text_is_no_command() -> None:
    """A command is a list; a text is refused without being repeated, since it may hold secrets."""
    with pytest.raises(TypeError, match="list of words") as refused:
        ProcessGroup("curl -u me:secret")
    assert "secret" not in str(refused.value)
    with pytest.raises(ValueError, match="at least one word"):
        ProcessGroup([])


def test_nothing_is_left_open() -> None:
    """A command that ran, and one that could not start, leave no descriptor behind."""
    done = subprocess.run([sys.executable, "-c", COUNTING], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"
