"""Work in any language (doors 27): begun, claimed, reported and ended over HTTP, fenced like any other."""

from __future__ import annotations

import socket
import threading
import urllib.parse
from typing import Any

import httpx2

import headway
from headway import Context, Headway
from headway.server import create_app
from headway.server.serving import Serving
from headway.store import epoch
from headway.testing import Clock
from tests.support import calls


def begin(http: httpx2.Client, **more: Any) -> str:
    """Begins outside work and returns its job's id."""
    return str(http.post("jobs", json={"type": "shell.backup", "start": True, **more}).json()["id"])


def tell(http: httpx2.Client, job: str, attempt: int = 1, **told: Any) -> httpx2.Response:
    """Reports as an attempt."""
    return http.post(f"jobs/{job}/attempts/{attempt}", json=told)


def test_own_work_is_born_running(http: httpx2.Client) -> None:
    """`"start": true` submits and claims in one transaction: attempt 1 is the caller's."""
    job = http.post("jobs", json={"type": "shell.backup", "start": True}).json()
    assert (job["state"], job["attempt"], job["outside"]) == ("running", 1, True)


def test_own_work_begins_once_per_key(http: httpx2.Client) -> None:
    """G12: the same key and body begin one job; another body is refused."""
    head = {"Idempotency-Key": "nightly"}
    twice = [http.post("jobs", json={"type": "backup", "start": True}, headers=head).json() for _ in range(2)]
    other = http.post("jobs", json={"type": "restore", "start": True}, headers=head)
    assert twice[0]["id"] == twice[1]["id"]
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


def test_what_headway_does_itself_is_nobodys_own_work(http: httpx2.Client, hw: Headway) -> None:
    """A job of a built-in type can not begin as a program's own: nobody would do it."""
    given = {"type": "headway.bulk", "input": {"verb": "pin", "q": ""}, "start": True}
    answer = http.post("jobs", json=given)
    assert (answer.status_code, answer.json()["code"], hw.jobs()) == (422, "invalid_input", [])


def test_a_report_is_stored(http: httpx2.Client, hw: Headway) -> None:
    """Progress, log, steps, items and checkpoint of one report are kept, all of them."""
    job = begin(http)
    answer = tell(
        http, job, progress={"done": 3, "total": 12, "unit": "files"}, log=["one", {"text": "two", "level": "error"}],
        steps=[{"name": "scan", "state": "completed", "result": 12}], items=[{"key": "a", "size": 10}],
        checkpoint={"at": "a"},
    )  # fmt: skip
    assert answer.json() == {"asked": None, "state": "running", "lease_s": 30.0}
    progress = hw.get(job).progress
    assert progress is not None
    assert (progress.done, progress.total, progress.percent) == (3, 12, 25)
    assert [(line.name, line.data["text"]) for line in hw.logs(job)] == [("info", "one"), ("error", "two")]
    assert [(step.name, step.state, step.result) for step in hw.steps(job)] == [("scan", "completed", 12)]
    assert [(item.key, item.state) for item in hw.items(job, "items")] == [("a", "done")]
    assert hw.checkpoint(job)["state"] == {"at": "a"}


def test_a_checkpoint_is_merged(http: httpx2.Client, hw: Headway) -> None:
    """What a later report saves is added to what an earlier one saved."""
    job = begin(http)
    tell(http, job, checkpoint={"a": 1, "b": 1})
    tell(http, job, checkpoint={"b": 2})
    assert hw.checkpoint(job)["state"] == {"a": 1, "b": 2}


def test_the_percentage_does_not_fall(http: httpx2.Client, hw: Headway) -> None:
    """Rule 7: within an attempt it falls only where the total grew."""
    job = begin(http)
    for done in (50, 20):
        tell(http, job, progress={"done": done, "total": 100})
    progress = hw.get(job).progress
    assert progress is not None
    assert progress.percent == 50


def test_an_end_completes_the_job(http: httpx2.Client, hw: Headway) -> None:
    """`end` is the attempt's last move, with its result; a completed job shows 100."""
    job = begin(http)
    tell(http, job, progress={"done": 3, "total": 12})
    assert tell(http, job, end="completed", result={"n": 12}).json()["state"] == "completed"
    found = hw.get(job)
    assert (found.state, found.result, found.progress and found.progress.percent) == ("completed", {"n": 12}, 100)


def test_a_failure_keeps_its_error(http: httpx2.Client, hw: Headway) -> None:
    """`end: failed` keeps code and message."""
    job = begin(http)
    tell(http, job, end="failed", error={"code": "no_space", "message": "the target is full"})
    error = hw.get(job).error
    assert error is not None
    assert (error.code, error.message) == ("no_space", "the target is full")


def test_a_pause_is_asked_and_obeyed(http: httpx2.Client, hw: Headway) -> None:
    """G9: the answer to the next report says what is asked; the history tells that it was delivered, once."""
    job = begin(http)
    http.post(f"jobs/{job}/pause")
    assert [tell(http, job).json()["asked"] for _ in range(2)] == ["pause", "pause"]
    assert tell(http, job, end="halted").json() == {"asked": None, "state": "paused", "lease_s": 30.0}
    assert [event.name for event in hw.events(job)] == ["submit", "claim", "pause", "delivered", "halt"]


def test_a_late_report_is_refused(http: httpx2.Client, hw: Headway) -> None:
    """G2: an attempt that is over gets 409 lease_lost, and nothing of what it says is stored."""
    job = begin(http)
    tell(http, job, end="completed")
    answer = tell(http, job, log="late")
    assert (answer.status_code, answer.json()["code"]) == (409, "lease_lost")
    assert hw.logs(job) == []


def test_a_repeated_report_is_stored_once(http: httpx2.Client, hw: Headway) -> None:
    """A serial that comes again is answered as done: its lines are not stored twice."""
    job = begin(http)
    answers = [tell(http, job, log="once", serial=1) for _ in range(2)]
    ends = [tell(http, job, end="completed", serial=2) for _ in range(2)]
    assert [answer.status_code for answer in (*answers, *ends)] == [200] * 4
    assert [line.data["text"] for line in hw.logs(job)] == ["once"]


def test_a_job_is_claimed(http: httpx2.Client, hw: Headway) -> None:
    """A claim takes the first ready job of the types that it names; 204 where there is none."""
    assert http.post("claim", json={"types": ["copy"]}).status_code == 204
    first, _ = hw.submit("copy", {"n": 1}), hw.submit("move")
    claimed = http.post("claim", json={"types": ["copy"], "worker": "shell"}).json()
    assert (claimed["job"]["id"], claimed["attempt"], claimed["job"]["input"]) == (first.id, 1, {"n": 1})
    assert http.post("claim", json={"types": ["copy"]}).status_code == 204


def test_a_claim_of_a_lost_future_writes_nothing(http: httpx2.Client, hw: Headway) -> None:
    """G2, G3: after a copy was put back its number is another's; a report with the claim's epoch is refused, 409."""
    job = hw.submit("copy").id
    claimed = http.post("claim", json={"types": ["copy"]}).json()
    assert tell(http, job, epoch=claimed["epoch"], log="mine").status_code == 200
    hw._database.write(epoch.begin)
    answer = tell(http, job, epoch=claimed["epoch"], end="completed")
    assert (answer.status_code, answer.json()["code"]) == (409, "lease_lost")
    assert (hw.get(job).state, len(hw.logs(job))) == ("running", 1)


def test_a_repeated_claim_has_its_epoch(http: httpx2.Client, hw: Headway) -> None:
    """G12, G2: a claim that comes again with its key is answered as the first was, and its reports are taken."""
    job, head = hw.submit("copy").id, {"Idempotency-Key": "one"}
    first, again = (http.post("claim", json={"types": ["copy"]}, headers=head).json() for _ in range(2))
    assert (again["attempt"], again["epoch"]) == (first["attempt"], first["epoch"])
    assert tell(http, job, epoch=again["epoch"]).status_code == 200


def test_a_claim_waits_for_a_job(http: httpx2.Client, hw: Headway) -> None:
    """`wait_s` holds the claim until there is a job; meanwhile others see that somebody can run it."""
    found: list[Any] = []
    thread = threading.Thread(
        target=lambda: found.append(http.post("claim", json={"types": ["copy"], "wait_s": 20}).json())
    )
    thread.start()
    while not hw.workers():
        hw.changed(0, 0.05)
    job = hw.submit("copy")
    thread.join()
    assert found[0]["job"]["id"] == job.id


def test_bad_reports_are_refused_whole(http: httpx2.Client, hw: Headway) -> None:
    """422 says what does not fit; nothing of the report is stored."""
    job = begin(http)
    for told in ({"log": "x", "unknown": 1}, {"log": "x", "progress": {"done": -1}}, {"log": "x", "serial": 0}):
        assert tell(http, job, **told).status_code == 422
    assert hw.logs(job) == []


def test_a_claimer_that_has_left_takes_nothing(url: str, clock: Clock) -> None:
    """G4: a claim that waits ends with its connection: the next job goes to somebody who is there."""
    body = b'{"types": ["late"], "worker": "gone", "wait_s": 20}'  # for ever: time stands still here
    head = b"POST /api/v1/claim HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with Headway(url, clock=clock) as hw, Serving(create_app(hw), port=0) as server:
        waiting, address = server._app.site.changes._waiting, urllib.parse.urlsplit(server.address)
        with socket.create_connection((address.hostname, address.port), timeout=60) as gone:
            gone.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            while not waiting:
                hw.changed(0, 0.02)
        hw.submit("other")  # it looks again
        while waiting:
            hw.changed(0, 0.02)
        job = hw.submit("late")
        taken = calls.post(f"{server.address}/api/v1/claim", json={"types": ["late"], "worker": "here"})
        assert (taken.status_code, hw.get(job).attempt) == (200, 1)
        assert [attempt.worker for attempt in hw.attempts(job)] == ["outside:here"]


def test_what_a_worker_runs_is_reported_by_it_alone(http: httpx2.Client, hw: Headway) -> None:
    """G2: a report for an attempt that a worker of Headway's has is refused and changes nothing."""
    told, goes_on = threading.Event(), threading.Event()

    @headway.job("work.of_a_worker")
    def of_a_worker(ctx: Context) -> str:
        told.set()
        goes_on.wait(60)
        ctx.step("b", str)
        return "its own"

    with hw.worker(slots=1, types=["work.of_a_worker"]):
        job = hw.submit(of_a_worker).id
        assert told.wait(60)
        try:
            steps = [{"name": "b", "state": "completed", "result": "forged"}]
            answers = [
                tell(http, job, steps=steps),
                tell(http, job, serial=2**40, progress={"done": 999, "total": 1000}),
                tell(http, job, end="completed", result="forged"),
                tell(http, job),
            ]
        finally:
            goes_on.set()
        assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(409, "lease_lost")] * 4
        assert hw.result(job, timeout_s=60) == "its own"
    assert [event.name for event in hw.events(job) if event.kind != "step"] == ["submit", "claim", "finish"]
