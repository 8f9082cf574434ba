"""A canary in every secret: after all that can happen to a job, it is in no row, file, output or list of processes."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from headway import Headway, Job, Secret
from tests.cli.command import Cli

MODULE = str(Path(__file__).with_name("jobs_secrets.py"))
CANARIES = {
    "input": 'c4n4ry-1 "input" \\ with/signs',
    "nested": "c4n4ry-2-nested",
    "variable": "c4n4ry-3-of-the-worker",
    "config": "c4n4ry-4-of-the-session",
    "address": "c4n4ry-5-in-an-address",
    "replaced": "c4n4ry-6-replaced-by-a-save",
}
VERBS = ["show", "logs", "events", "tree", "watch"]


@pytest.fixture
def cli(url: str, tmp_path: Path) -> Iterator[Cli]:
    """The command, with a home and a key of its own."""
    (tmp_path / "home").mkdir()
    command = Cli(url, tmp_path / "home")
    command.env["A_TEST_PW"] = CANARIES["variable"]
    yield command
    command.close()


@pytest.fixture
def hw(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Iterator[Headway]:
    """The verbs in this process, with the same key."""
    monkeypatch.delenv("HEADWAY_KEY", raising=False)
    monkeypatch.delenv("HEADWAY_KEY_FILE", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(cli.home / ".config"))
    with Headway(cli.url) as verbs:
        yield verbs


def forms(text: str) -> set[str]:
    """A canary as it may be met: in clear, in JSON, in an address, in the middle of base64."""
    told = json.dumps(text)[1:-1]
    coded = base64.b64encode(f"anna:{text}".encode()).decode()
    return {
        text, told, json.dumps(told)[1:-1], repr(text)[1:-1], repr(told)[1:-1], quote(text), quote(text, safe=""),
        base64.b64encode(text.encode()).decode(), coded[8:-4],
    }  # fmt: skip


FORMS = {name: forms(text) for name, text in CANARIES.items()}


def found_in(text: str) -> set[str]:
    """Where a text gives a canary away."""
    return {
        f"{name}: {text[max(0, text.index(form) - 40) : text.index(form) + 80]!r}"
        for name, several in FORMS.items()
        for form in several
        if form in text
    }


def files_of(home: Path) -> Iterator[tuple[str, str]]:
    """Every file beside and below the database, as text; those of the keys too."""
    for path in home.rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes().decode("utf-8", "replace")


def rows_of(url: str) -> Iterator[tuple[str, str]]:
    """Every column of every table as text: read by a connection of its own, SQLite's files by themselves."""
    if "://" not in url:
        for path in Path(url).parent.glob(f"{Path(url).name}*"):
            yield str(path), path.read_bytes().decode("utf-8", "replace")
        return
    with psycopg.connect(url) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").fetchall()
        for (name,) in names:
            for (row,) in connection.execute(f'SELECT t::text FROM "{name}" AS t').fetchall():  # noqa: S608
                yield name, row
            for (row,) in connection.execute(f'SELECT to_jsonb(t)::text FROM "{name}" AS t').fetchall():  # noqa: S608
                yield name, row


def arguments_of_all() -> str:
    """What a list of processes shows."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(place.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        except OSError:  # it has ended
            continue
    return "\n".join(found)


def given(do: str) -> dict[str, object]:
    """An input with secrets by value, inside a list, and by reference."""
    ends = [{"token": Secret(CANARIES["nested"])}]
    return {"password": Secret(CANARIES["input"]), "ends": ends, "by_name": Secret.env("A_TEST_PW"), "do": do}


def worker(cli: Cli) -> subprocess.Popen[bytes]:
    """A worker in another process."""
    started = cli.start("worker", "--import", MODULE)
    assert started.stderr is not None
    assert b"Worker" in started.stderr.readline()
    return started


def whole(job: Job) -> str:
    """All that a snapshot has."""
    return str(job.to_dict())


def test_no_canary_is_found_anywhere(cli: Cli, hw: Headway) -> None:
    """SEC21, G20, T25: run, fail, retry, cancel, restart, save, export, crash, roll back; then all is searched."""
    said: list[str] = []
    config = {"db": {"password": CANARIES["replaced"]}, "target": f"ftp://anna:{CANARIES['address']}@host/"}
    said.append(repr(hw.create_session("work", config)))
    config["db"] = {"password": CANARIES["config"]}
    said.append(repr(hw.save_session("work", config)))
    jobs = {do: hw.submit("secrets.tell", given(do), session="work") for do in ("end", "fail", "spawn", "wait")}
    first = worker(cli)
    waiting = hw.wait(jobs["wait"], until="running", timeout_s=60)
    jobs["die"] = hw.submit("secrets.tell", given("die"), session="work")
    first.wait(60)
    second = worker(cli)
    said += [whole(hw.wait(jobs[do], timeout_s=60)) for do in ("end", "fail", "die", "spawn")]
    said.append(arguments_of_all())
    hw.cancel(waiting)
    said += [whole(hw.wait(waiting, timeout_s=60)), whole(hw.retry(jobs["fail"])), whole(hw.restart(jobs["end"]))]
    said += [whole(hw.wait(job, timeout_s=60)) for job in hw.jobs(active=True)]
    said.append(whole(hw.wait(hw.rollback(jobs["end"]), timeout_s=60)))
    states = {job.state for job in hw.jobs(type="secrets.tell")}
    assert states == {"completed", "failed", "cancelled", "rolled_back"}

    for job in hw.jobs(limit=100):
        said += [cli(verb, str(job.number), "--json").stdout for verb in VERBS]
        said += [repr(page) for page in (hw.steps(job), hw.attempts(job), hw.events(job, limit=1000), job.to_dict())]
    said += [cli(verb, str(jobs["fail"].number)).stdout for verb in VERBS]
    said += [cli("session", *words).stdout for words in (["show", "work"], ["config", "work", "--json"])]
    said += [cli("ls", "--all", "--json").stdout, repr(hw.session_versions("work")), repr(hw.sessions())]
    second.send_signal(signal.SIGTERM)
    out, err = second.communicate(timeout=60)
    said += [out.decode(), err.decode()]
    assert sum(map(len, said)) > 100_000  # there was something to be searched
    assert found_in("\n".join(said)) == set()
    assert {(place, *names) for place, text in rows_of(cli.url) if (names := found_in(text))} == set()
    hw.close()
    assert {(place, *names) for place, text in files_of(cli.home) if (names := found_in(text))} == set()


def test_the_search_finds_what_was_not_marked(cli: Cli, hw: Headway) -> None:
    """A plain value of a type that is not known here is stored as it is: the search would see it."""
    job = hw.submit("unknown", {"password": CANARIES["input"]})
    assert found_in(whole(job))
    assert any(found_in(text) for _, text in rows_of(cli.url))
