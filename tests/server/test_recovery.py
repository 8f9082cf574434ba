"""What waits for a person over HTTP, and the whole log of a job as text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

import headway
from headway import Context, Headway
from headway.clock import SystemClock
from headway.store import claiming

LINES = 2500


@headway.job("raw.talk", recover=False)
def talk(ctx: Context) -> None:
    """A job that says more than is read at once, and fails."""
    for n in range(LINES):
        ctx.log(f"line {n} <b>&</b>")
    ctx.warn("half of it")
    raise ConnectionRefusedError("no answer")


@pytest.fixture
def job(hw: Headway) -> str:
    """One that has failed, with a log."""
    submitted = hw.submit(talk)
    hw.work_until_idle()
    return submitted.id


def test_the_raw_log_is_the_whole_log(http: httpx2.Client, job: str) -> None:
    """UX25: every line in order as plain text that no browser runs, to be saved; warnings too."""
    answer = http.get(f"jobs/{job}/logs/raw")
    lines = answer.text.splitlines()
    assert answer.headers["content-type"].startswith("text/plain")
    assert "attachment" in answer.headers["content-disposition"]
    assert len(lines) == LINES + 1
    assert lines[7].endswith("Z info line 7 <b>&</b>")
    assert lines[-1].endswith(" warning half of it")


def test_the_raw_log_is_sent_as_it_is_read(http: httpx2.Client, job: str) -> None:
    """UX21: it comes in parts, so that no log has to fit into memory."""
    with http.stream("GET", f"jobs/{job}/logs/raw") as answer:
        parts = list(answer.iter_raw())
    assert "content-length" not in answer.headers
    assert len(parts) > 1


def test_an_unknown_log_is_a_problem(http: httpx2.Client) -> None:
    """Also where the answer would be text: a problem document."""
    answer = http.get("jobs/4711/logs/raw")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_recovery_and_failures_are_read_from_the_address(http: httpx2.Client, job: str) -> None:
    """cause, since and limit stand in the query; several causes are several parameters."""
    since = datetime(2020, 1, 1, tzinfo=UTC).isoformat()
    found: dict[str, Any] = http.get(
        "recovery", params=[("cause", "failed"), ("cause", "crash"), ("since", since)]
    ).json()
    assert [(one["job"]["id"], one["cause"], one["verb"]) for one in found["jobs"]] == [(job, "failed", "retry")]
    (group,) = http.get("failures", params={"since": since}).json()["failures"]
    assert (group["count"], group["cause"], group["jobs"]) == (1, "network", [job])
    assert http.get("recovery", params={"cause": "rain"}).status_code == 422
    assert http.get("failures", params={"since": "yesterday"}).status_code == 422


def test_a_job_that_is_well_has_no_failure(http: httpx2.Client, hw: Headway) -> None:
    """204, and nothing."""
    assert http.get(f"jobs/{hw.submit('a').id}/failure").status_code == 204


def test_a_page_far_behind_is_read_like_the_first(http: httpx2.Client, job: str) -> None:
    """UX21: after= is random access by number, up to 1,000 entries at once."""
    page = http.get(f"jobs/{job}/events", params={"after": 2000, "limit": 1000}).json()
    assert [event["seq"] for event in page["events"][:3]] == [2001, 2002, 2003]
    assert http.get(f"jobs/{job}/logs/matches", params={"text": "LINE 2499"}).json()["total"] == 1


def test_no_secret_is_in_a_diff(http: httpx2.Client, hw: Headway) -> None:
    """UX28: of a secret it is only told that it has changed."""
    hw.create_session("acme", {"password": "tr0ub4dor"})
    hw.save_session("acme", {"password": "tr0ub4dor2"})
    answer = http.get("sessions/acme/diff", params={"from": 1, "to": 2})
    assert "tr0ub4dor" not in answer.text
    assert answer.json()["changes"] == [
        {"path": "password", "change": "changed", "from": None, "to": None, "secret": True}
    ]


class Ahead(SystemClock):
    """The clock of a machine that is five minutes ahead."""

    def wall(self) -> float:
        return super().wall() + 300


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
def test_the_health_tells_of_a_worker_whose_clock_is_off(http: httpx2.Client, url: str) -> None:
    """UX14: more than five seconds off is a warning with its remedy; GET /workers has the figure."""
    with Headway(url, clock=Ahead()) as elsewhere, elsewhere.worker(slots=1):
        claiming.heartbeat(elsewhere._database, elsewhere._office.worker, (), elsewhere._clock.wall())
        (worker,) = http.get("workers").json()["workers"]
        (clocks,) = [check for check in http.get("health").json()["checks"] if check["name"] == "clocks"]
    assert 250 < worker["clock_skew_s"] < 350
    assert (clocks["status"], "NTP" in clocks["remedy"]) == ("warning", True)
    assert f"{worker['clock_skew_s']:+.1f} s off" in clocks["found"]
