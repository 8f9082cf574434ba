"""Which meter reads the output of which command."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from headway.runtime.meters.copying import Dd, Pv, Rsync, dd_total
from headway.runtime.meters.custom import Custom
from headway.runtime.meters.download import Curl, Docker, Wget
from headway.runtime.meters.ffmpeg import Ffmpeg
from headway.runtime.meters.generic import Generic
from headway.runtime.meters.git import Git
from headway.runtime.meters.python_tools import Pip, Tqdm
from headway.runtime.meters.reading import FirstOf, Meter


@dataclass(frozen=True, slots=True)
class Tool:
    """How to make a program's meter from its arguments, and whether it draws it on a terminal only."""

    meter: Callable[[list[str]], Meter]
    on_terminal_only: bool = False


TOOLS = {
    "rsync": Tool(lambda words: Rsync(per_file=not any("progress2" in word for word in words))),
    "dd": Tool(lambda words: Dd(dd_total(words))),
    "pv": Tool(lambda words: Pv(_has_flag(words, "n", "--numeric"))),
    "curl": Tool(lambda words: Curl()),
    "wget": Tool(lambda words: Wget()),
    "docker": Tool(lambda words: Docker(), on_terminal_only=True),
    "podman": Tool(lambda words: Docker(), on_terminal_only=True),
    "pip": Tool(lambda words: Pip(), on_terminal_only=True),
    "git": Tool(lambda words: Git(), on_terminal_only=True),
    "ffmpeg": Tool(lambda words: Ffmpeg()),
}
_SHELLS = {"sh", "bash", "dash", "zsh", "ksh", "ash", "busybox"}
_SEPARATORS = {
    "|",
    "||",
    "&&",
    ";",
    "&",
    "|&",
    "(",
    ")",
    "{",
    "}",
    "!",
    "if",
    "then",
    "else",
    "while",
    "until",
    "do",
}
# Programs that start another one, with those of their options that take the next word as a value.
_WRAPPERS = {
    "env": {"-u", "--unset", "-C", "--chdir"},
    "nice": {"-n", "--adjustment"},
    "ionice": {"-c", "-n", "--class", "--classdata"},
    "sudo": {"-u", "-g", "-h", "-p", "-C", "-D", "-R", "-T", "-r", "-t", "--user", "--group", "--chdir"},
    "doas": {"-u", "-C"},
    "nohup": set(),
    "setsid": set(),
    "time": {"-f", "-o", "--format", "--output"},
    "timeout": {"-k", "-s", "--kill-after", "--signal"},
    "stdbuf": {"-i", "-o", "-e", "--input", "--output", "--error"},
    "exec": {"-a"},
    "command": set(),
    "unbuffer": set(),
    "chrt": set(),
    "taskset": set(),
}
_OPERANDS = {"timeout": 1, "chrt": 1, "taskset": 1}


def meter_for(argv: Sequence[str], regex: str | None = None) -> Meter:
    """The meter for a command: the user's regex if there is one, else by the programs that it starts.

    Looks through env, nice, sudo, timeout and the like, `sh -c` (each program of the line) and `python -m`.
    What is unknown is read by a generic set. Raises ValueError for a bad regex, saying what is expected.
    """
    if regex is not None:
        return Custom(regex)
    return FirstOf(*(tool.meter(words) for tool, words in _tools(argv)), Tqdm(), Generic())


def wants_terminal(argv: Sequence[str]) -> bool:
    """True when a program of the command is known to draw its meter on a terminal only."""
    return any(tool.on_terminal_only for tool, _ in _tools(argv))


def _tools(argv: Sequence[str]) -> Iterator[tuple[Tool, list[str]]]:
    for words in _programs(list(argv)):
        if words and (tool := TOOLS.get(_name(words[0]))):
            yield tool, words[1:]


def _programs(words: list[str]) -> Iterator[list[str]]:
    """The commands that a command line starts, each as its words, without the wrappers."""
    words = _unwrapped(words)
    if not words:
        return
    if _name(words[0]) in _SHELLS:
        for script in _shell_text(words):
            for command in _shell_commands(script):
                yield from _programs(command)
    else:
        yield words


def _unwrapped(words: list[str]) -> list[str]:
    while words:
        name = _name(words[0])
        if name == "python" and "-m" in words[1:-1]:
            return words[words.index("-m") + 1 :]
        if re.fullmatch(r"\w+=.*", words[0], re.DOTALL):
            words = words[1:]
        elif name in _WRAPPERS:
            words = _without_options(words[1:], _WRAPPERS[name], _OPERANDS.get(name, 0))
        else:
            return words
    return []


def _without_options(words: list[str], with_value: set[str], operands: int) -> list[str]:
    while words and words[0].startswith("-"):
        words = words[2:] if words[0] in with_value else words[1:]
    return words[operands:]


def _shell_text(words: list[str]) -> list[str]:
    """The script in `sh -ec SCRIPT`; nothing when a shell runs a file."""
    for place, word in enumerate(words[1:-1], start=1):
        if re.fullmatch(r"-[a-z]*c[a-z]*", word):
            return [words[place + 1]]
    return []


def _shell_commands(script: str) -> list[list[str]]:
    """A rough cut of a script into simple commands: enough to see the names of programs."""
    lexer = shlex.shlex(script.replace("\n", " ; "), posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    try:
        words = list(lexer)
    except ValueError:  # a quote that does not end, or shell words beyond this cut
        return []
    commands: list[list[str]] = [[]]
    for word in words:
        if word in _SEPARATORS:
            commands.append([])
        else:
            commands[-1].append(word)
    return commands


def _name(word: str) -> str:
    """The program's name without folder and version: /usr/bin/python3.11 is python, pip3 is pip."""
    return re.sub(r"[\d.]+$", "", PurePath(word).name)


def _has_flag(words: list[str], short: str, long: str) -> bool:
    return any(word == long or re.fullmatch(rf"-[a-zA-Z]*{short}[a-zA-Z]*", word) for word in words)
