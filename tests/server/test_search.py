"""Queries, orders, counts and search over HTTP, and live listings that agree with them."""

from __future__ import annotations

from typing import Any

import httpx2
import msgspec
import pytest

from headway import Headway
from headway.server.serving import Serving
from tests.support import calls


def test_a_query_narrows_lists_and_counts(http: httpx2.Client, hw: Headway) -> None:
    """q= of /jobs and /counts is the language of the command line; sort= is the order."""
    for name in ("a", "b", "c"):
        hw.submit("nobody", name=name)
    hw.cancel(1)
    asked = {"q": "-name:b", "sort": "-ended"}
    assert [job["number"] for job in http.get("jobs", params=asked).json()["jobs"]] == [3, 1]
    assert http.get("counts", params={"q": "-name:b"}).json() == {"pending": 1, "cancelled": 1}
    named = ",".join(hw.get(number).id for number in (1, 2))
    assert [job["number"] for job in http.get("jobs", params={"ids": named}).json()["jobs"]] == [2, 1]


@pytest.mark.parametrize("path", ["jobs", "counts", "stream"])
def test_a_wrong_query_is_a_problem_with_its_place(http: httpx2.Client, path: str) -> None:
    """bad_query tells the characters that are wrong and what was expected, wherever a query is taken."""
    problem = http.get(path, params={"q": "type:a stat:b"})
    told = problem.json()
    assert (problem.status_code, told["code"], told["at"]) == (422, "bad_query", [7, 13])
    assert told["expected"].startswith("one of the fields state, status, type")


def test_a_search_has_one_shape(http: httpx2.Client, hw: Headway) -> None:
    """ux 16: hits and near ones, each with kind, id, job, session, worker, title, state and why."""
    hw.submit("nobody", name="Move it", external_id="gui-17")
    found = http.get("search", params={"q": "gui-17"}).json()
    assert set(found) == {"hits", "near"}
    (hit,) = found["hits"]
    assert hit == hit | {"kind": "external key", "number": 1, "title": "Move it", "state": "pending", "exact": True}
    assert {"id", "job_id", "session", "worker", "why"} < set(hit)
    assert http.get("search", params={"q": "3"}).json()["near"][0]["number"] == 1
    assert http.get("search").status_code == 422


def test_a_bulk_job_is_submitted_like_any_other(http: httpx2.Client, hw: Headway) -> None:
    """POST /jobs takes headway.bulk, and refuses a query that can not be read before anything is stored."""
    hw.submit("nobody")
    refused = http.post("jobs", json={"type": "headway.bulk", "input": {"verb": "cancel", "q": "stat:x"}}).json()
    assert (refused["code"], refused["at"]) == ("bad_query", [0, 6])
    begun = http.post("jobs", json={"type": "headway.bulk", "input": {"verb": "cancel", "q": "type:nobody"}}).json()
    hw.work_until_idle()
    assert (hw.get(begun["id"]).result["done"], hw.get(1).state) == (1, "cancelled")


def test_a_followed_query_agrees_with_the_listing(server: Serving, hw: Headway) -> None:
    """A subscription with a query has the jobs that a listing has, and tells those that leave it."""
    hw.submit("nobody", name="in")
    hw.submit("nobody", name="out")
    with calls.connect(server.address.replace("http", "ws", 1) + "/api/v1/ws", compression=None) as socket:
        socket.send(msgspec.json.encode({"subscribe": {"jobs": {"q": "name:in state:pending"}}}).decode())
        assert [job["number"] for job in _heard(socket, "snapshot")["jobs"]] == [1]
        hw.cancel(1)
        assert _heard(socket, "gone")["id"] == hw.get(1).id
        socket.send(msgspec.json.encode({"subscribe": {"jobs": {"q": "stat:x"}}, "key": "x"}).decode())
        assert _heard(socket, "error")["at"] == [0, 6]


def _heard(socket: Any, name: str) -> Any:
    while True:
        said = msgspec.json.decode(socket.recv(timeout=60))
        if said["name"] == name:
            return said["data"]
