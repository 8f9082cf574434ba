"""GET /metrics: what a monitor reads."""

from __future__ import annotations

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

import headway
from headway import Headway
from headway.server import create_app
from headway.server.serving import Serving
from headway.testing import Clock
from tests.server.streams import opened


@headway.job("metrics.note")
def note(ctx: headway.Context) -> None:
    """Says something."""
    ctx.log("here")


def read(http: httpx2.Client) -> dict[str, dict[str, float]]:
    """The figures by name, and then by the values of their labels, which stand in order of their names."""
    answer = http.get("metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found: dict[str, dict[str, float]] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[" ".join(sample.labels.values())] = sample.value
    return found


def test_jobs_are_counted_by_state_and_type(hw: Headway, http: httpx2.Client) -> None:
    """S0.43: jobs by state, ended ones too, from which comes the rate of success; open ones by type as well."""
    hw.submit_many("a", [{}] * 3)
    hw.pause(hw.submit("b"))
    hw.cancel(hw.submit("b"))
    found = read(http)
    assert found["headway_jobs"] == {"pending": 3, "paused": 1, "cancelled": 1}
    assert found["headway_open_jobs"] == {"pending a": 3, "paused b": 1}


def test_times_and_batches_of_what_has_run(hw: Headway, http: httpx2.Client) -> None:
    """S0.43: durations and waits by type, workers, and the batches of a recorder in this process."""
    hw.submit_many(note, [{}] * 4)
    hw.work_until_idle()
    found = read(http)
    for name in ("headway_job_seconds", "headway_queue_seconds"):
        assert found[name].keys() == {f"{quantile} metrics.note" for quantile in (0.5, 0.95, 1.0)}
        assert found[name]["0.5 metrics.note"] <= found[name]["1.0 metrics.note"]
    assert found["headway_recorder_reports_total"][""] >= found["headway_recorder_batches_total"][""] >= 4
    assert (found["headway_workers"][""], found["headway_worker_slots"][""]) == (1, 1)


@headway.job("metrics.slow")
def slow(ctx: headway.Context, seconds: int) -> None:
    """Works for so long."""
    ctx.sleep(seconds)


def test_how_long_jobs_worked_and_waited(url: str, clock: Clock) -> None:
    """S0.43: the median, the 95th of a hundred and the longest, of the work and of the wait before it, apart."""
    with Headway(url, clock=clock) as hw, Serving(create_app(hw), port=0) as server:
        hw.submit_many(slow, [{"seconds": seconds} for seconds in (1, 2, 3, 4)])
        clock.advance(10)
        hw.work_until_idle()
        with httpx2.Client(base_url=f"{server.address}/api/v1/", timeout=60) as http:
            found = read(http)
    for name, times in (("headway_job_seconds", (3, 4, 4)), ("headway_queue_seconds", (13, 16, 16))):
        assert found[name] == pytest.approx(
            {f"{quantile} metrics.slow": seconds for quantile, seconds in zip((0.5, 0.95, 1.0), times, strict=True)}
        )


def test_a_session_tells_its_rate_of_success(hw: Headway, http: httpx2.Client) -> None:
    """S1.39: of one session, how many jobs came to which end, and how long each of them worked."""
    for name in ("a", "b"):
        hw.create_session(name)
        hw.submit_many(note, [{}] * 2, session=name)
    hw.cancel(hw.submit(note, session="a"))
    hw.work_until_idle()
    assert http.get("counts", params={"q": "session:a"}).json() == {"completed": 2, "cancelled": 1}
    ended = http.get("jobs", params={"q": "session:a state:completed"}).json()["jobs"]
    assert [job["active_s"] >= 0 for job in ended] == [True, True]


def test_a_server_without_work_has_no_recorder(http: httpx2.Client) -> None:
    """Operation: what is not there is left out, and counters begin at nothing."""
    found = read(http)
    assert found["headway_late_writers_total"] == {"": 0}
    assert "headway_recorder_batches_total" not in found


def test_late_writers_are_counted_once_for_each_attempt(hw: Headway, http: httpx2.Client) -> None:
    """G2: an attempt that lost its job and wrote on is one late writer, however often it tried."""
    job = http.post("jobs", json={"type": "a", "start": True}).json()["id"]
    http.post(f"jobs/{job}/attempts/1", json={"end": "failed", "error": "gone"})
    for _ in range(3):
        assert http.post(f"jobs/{job}/attempts/1", json={"log": "late"}).status_code == 409
    assert read(http)["headway_late_writers_total"] == {"": 1}


def test_readers_of_streams_are_counted(hw: Headway, http: httpx2.Client) -> None:
    """Operation: those that are connected to this server now."""
    job = hw.submit("a")
    with opened(http, f"jobs/{job.id}/stream") as messages:
        next(messages)
        assert read(http)["headway_stream_subscribers"] == {"": 1}
