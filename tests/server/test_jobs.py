"""Jobs over HTTP: submitted, found, listed, moved."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from headway import Headway


def submit(http: httpx2.Client, **more: Any) -> Any:
    """Submits a job and returns its answer."""
    answer = http.post("jobs", json={"type": "copy", "input": {"n": 3}, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_job_is_submitted(http: httpx2.Client, hw: Headway) -> None:
    """The answer is the job as the library has it, and Location is its address."""
    answer = http.post("jobs", json={"type": "copy", "input": {"n": 3}, "labels": {"customer": "acme"}})
    job = hw.get(answer.json()["id"])
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/jobs/{job.id}"
    assert (job.type, job.input, job.labels, job.state) == ("copy", {"n": 3}, {"customer": "acme"}, "pending")


@pytest.mark.parametrize("form", ["id", "number", "external", "tail"])
def test_a_job_is_found_by_any_id(http: httpx2.Client, form: str) -> None:
    """GET /jobs/{any_id} finds it as every verb does, and says by which rule."""
    job = submit(http, external_id="gui-17")
    known = {"id": job["id"], "number": job["number"], "external": "gui-17", "tail": job["id"][-8:]}[form]
    found = http.get(f"jobs/{known}").json()
    assert (found["id"], found["found_by"]) == (job["id"], form)


def test_an_id_with_a_slash_is_found(http: httpx2.Client) -> None:
    """GET /jobs?id= finds what can not stand in a path; nothing found is an empty list."""
    job = submit(http, external_id="a/b")
    assert [one["id"] for one in http.get("jobs", params={"id": "a/b"}).json()["jobs"]] == [job["id"]]
    assert http.get("jobs", params={"id": "a/c"}).json() == {"jobs": [], "next": None}


def test_pages_follow_each_other(http: httpx2.Client) -> None:
    """`next` is the cursor of the page after: every job comes once, newest first."""
    wanted = [submit(http)["id"] for _ in range(5)][::-1]
    found: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = http.get("jobs", params={"limit": 2, **after}).json()
        found += [job["id"] for job in page["jobs"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert found == wanted


def test_jobs_are_filtered(http: httpx2.Client) -> None:
    """Filters hold together; labels are name:value."""
    job = submit(http, labels={"customer": "acme"})
    submit(http, labels={"customer": "other"})
    listed = http.get("jobs", params={"state": ["pending", "running"], "label": "customer:acme"}).json()["jobs"]
    assert [one["id"] for one in listed] == [job["id"]]
    assert len(http.get("jobs/active").json()["jobs"]) == 2


def test_a_job_is_moved(http: httpx2.Client, hw: Headway) -> None:
    """Pause, resume and cancel answer the job after the move; the history says by which door and why."""
    job = submit(http)["id"]
    moved = [http.post(f"jobs/{job}/{move}", json={"reason": "test"}).json()["state"] for move in ("pause", "resume")]
    assert [*moved, http.post(f"jobs/{job}/cancel").json()["state"]] == ["paused", "pending", "cancelled"]
    told = [(event.name, event.data.get("via"), event.data.get("reason")) for event in hw.events(job)]
    assert told[1:] == [("pause", "http", "test"), ("resume", "http", "test"), ("cancel", "http", None)]


def test_an_illegal_move_names_what_is_possible(http: httpx2.Client) -> None:
    """409 illegal_move carries the state and the moves that it permits."""
    job = submit(http)["id"]
    http.post(f"jobs/{job}/cancel")
    answer = http.post(f"jobs/{job}/retry")
    told = answer.json()
    assert (answer.status_code, told["code"], told["state"]) == (409, "illegal_move", "cancelled")
    assert told["possible"] == []


def test_restart_makes_a_new_job(http: httpx2.Client) -> None:
    """A restart is answered with the new job; the same key twice makes one."""
    job = submit(http)["id"]
    twice = [http.post(f"jobs/{job}/restart", headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [answer.status_code for answer in twice] == [201, 201]
    assert twice[0].json()["restarted_from"] == job
    assert len({answer.json()["id"] for answer in twice}) == 1


def test_a_restart_takes_another_input(http: httpx2.Client) -> None:
    """`input` takes the place of the old one's."""
    job = submit(http)["id"]
    answer = http.post(f"jobs/{job}/restart", json={"input": {"vm": "pg1"}})
    assert (answer.status_code, answer.json()["input"]) == (201, {"vm": "pg1"})
    assert http.post(f"jobs/{job}/restart", json={"input": [1]}).status_code == 422


def test_an_ended_job_is_deleted(http: httpx2.Client) -> None:
    """DELETE removes an ended job, and is refused while it is open."""
    job = submit(http)["id"]
    assert http.delete(f"jobs/{job}").status_code == 409
    http.post(f"jobs/{job}/cancel")
    assert http.delete(f"jobs/{job}").json()["state"] == "cancelled"
    assert (http.get(f"jobs/{job}").status_code, http.get(f"jobs/{job}").json()["code"]) == (410, "deleted")
