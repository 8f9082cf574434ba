"""How the server is, and that looking changes nothing."""

from __future__ import annotations

import shlex
from pathlib import Path

import httpx2
import msgspec
import pytest

from headway import Headway
from headway.checks import catalogue
from headway.checks.subject import Subject
from headway.server import create_app
from headway.server.app import OPERATIONS
from headway.server.serving import Serving
from headway.store.address import without_password
from tests.support import calls

READS = [one.address for one in OPERATIONS if one.method == "GET" and one.media != "text/event-stream"]


def status(http: httpx2.Client, name: str) -> tuple[str, str | None]:
    """Status and remedy of one check."""
    (found,) = [check for check in http.get("health").json()["checks"] if check["name"] == name]
    return found["status"], found["remedy"]


def test_health_names_remedies(http: httpx2.Client, hw: Headway) -> None:
    """What is not well says what to do: no worker is there, and a job waits for one that has its type."""
    hw.submit("copy")
    assert http.get("health").json()["status"] == "warning"
    assert status(http, "database") == ("ok", None)
    assert str(status(http, "workers")[1]).startswith("Start one: headway worker ")
    assert str(status(http, "queue")[1]).startswith("Start one that has these types: headway worker ")
    assert status(http, "streams") == ("ok", None)


@pytest.mark.parametrize("token", [None, "t" * 40])
def test_only_callers_of_the_same_machine_are_told_the_place(url: str, hw: Headway, token: str | None) -> None:
    """A server without a token says which --url commands need for its database; with one, callers may be elsewhere."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    with Serving(create_app(hw, token=token), port=0) as server:
        told = httpx2.get(f"{server.address}/api/v1/health", headers=headers, timeout=60).json()["url"]
    assert told == (None if token else without_password(url))


def test_the_users_own_file_needs_no_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands find the user's own file by themselves, whatever the server's own $HEADWAY_URL is."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    place = str(tmp_path / "headway" / "jobs.db")
    monkeypatch.setenv("HEADWAY_URL", place)
    with Headway() as own, Serving(create_app(own), port=0) as server:
        assert httpx2.get(f"{server.address}/api/v1/health", timeout=60).json()["url"] == ""
    monkeypatch.setenv("HEADWAY_URL", str(tmp_path / "other.db"))
    with Headway() as other, Serving(create_app(other), port=0) as server:
        assert httpx2.get(f"{server.address}/api/v1/health", timeout=60).json()["url"] == str(tmp_path / "other.db")


def test_doctor_says_what_health_says(http: httpx2.Client, hw: Headway) -> None:
    """There is one list of checks: what both look at has one name, one status, one wording and one remedy."""
    hw.submit("copy")
    told = http.get("health").json()
    subject = Subject(hw, hw._clock, url=told["url"])
    by_doctor = {check.name: msgspec.to_builtins(check) for check in catalogue.closely(subject)}
    by_health = {check["name"]: check for check in told["checks"]}
    both = {"workers", "queue"}
    assert {name: by_doctor[name] for name in both} == {name: by_health[name] for name in both}
    assert by_health.keys() - by_doctor.keys() == {"streams"}


@pytest.mark.parametrize("token", [None, "t" * 40])
def test_remedies_are_commands_on_the_servers_database(url: str, hw: Headway, token: str | None) -> None:
    """A worker that is started as told takes the jobs that wait here; where a token is asked for, no place is told."""
    hw.submit("copy")
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    with Serving(create_app(hw, token=token), port=0) as server:
        told = httpx2.get(f"{server.address}/api/v1/health", headers=headers, timeout=60).json()["checks"]
        sent = httpx2.get(f"{server.address}/api/v1/support", headers=headers, timeout=60).text
    place = "" if token else f"--url {shlex.quote(without_password(url))} "
    said = {check["name"]: check["remedy"] for check in told}
    assert said["workers"] == f"Start one: headway worker {place}--import MODULE."
    assert said["queue"] == f"Start one that has these types: headway worker {place}--import MODULE."
    assert "--url" not in sent


def test_health_is_well_with_a_worker(http: httpx2.Client, hw: Headway) -> None:
    """With a worker that is seen every check is ok."""
    with hw.worker(slots=1):
        assert [check["status"] for check in http.get("health").json()["checks"]] == ["ok"] * 5
        assert [worker["slots"] for worker in http.get("workers").json()["workers"]] == [1]


def test_slots_for_headways_own_jobs_are_no_workers(hw: Headway) -> None:
    """A worker that has none of somebody's types is not counted: what waits would wait for ever."""
    hw.submit("copy")
    with hw.worker(slots=4, types=["headway.bulk"]):
        found = list(catalogue.closely(Subject(hw, hw._clock)))
    assert [check.status for check in found if check.name in ("worker", "workers")] == ["warning"]


def test_a_lost_database_is_told(tmp_path: Path) -> None:
    """G16: health is failing with 503, and verbs are refused with 503, without the database's address."""
    path = tmp_path / "jobs.db"
    with Headway(path) as hw, Serving(create_app(hw), port=0) as serving:
        hw.submit("copy")
        for file in tmp_path.iterdir():
            file.unlink()
        health, jobs = (calls.get(f"{serving.address}/api/v1/{name}") for name in ("health", "jobs"))
        hw.close()
    assert (health.status_code, health.json()["status"]) == (503, "failing")
    assert (jobs.status_code, jobs.json()["code"]) == (503, "store_unusable")
    assert str(tmp_path) not in health.text + jobs.text


@pytest.mark.parametrize("path", READS)
def test_reading_changes_nothing(server: Serving, hw: Headway, path: str) -> None:
    """SEC11: no GET changes a job, its history or their number."""
    job = hw.submit("copy")
    calls.get(server.address + path.replace("{any_id}", job.id).replace("{name:path}", "a.txt"))
    found = hw.get(job)
    assert (found.version, found.events, found.state) == (job.version, job.events, "pending")
    assert len(hw.jobs()) == 1


def test_the_bundle_is_a_file_with_the_checks(http: httpx2.Client, hw: Headway) -> None:
    """ux Settings: the support bundle is offered as a file; it tells how the server may be called, never its token."""
    hw.submit("copy")
    answer = http.get("support")
    told = answer.json()
    assert answer.headers["content-disposition"] == 'attachment; filename="headway-support.json"'
    assert [check["name"] for check in told["checks"]] == ["database", "workers", "queue", "clocks", "streams"]
    assert told["server"]["token"] is False
    assert told["counts"] == {"pending": 1}
