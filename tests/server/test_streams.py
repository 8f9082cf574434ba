"""Live streams over server-sent events."""

from __future__ import annotations

from contextlib import ExitStack

import httpx2
import pytest

from headway import Headway
from headway.server.serving import Serving
from tests.server.streams import following, names, numbers, opened, read


def _ended(hw: Headway) -> str:
    """A job with four events."""
    job = hw.submit("t.stream")
    hw.pause(job)
    hw.resume(job)
    return hw.cancel(job).id


def test_a_late_subscriber_gets_snapshot_and_end(http: httpx2.Client, hw: Headway) -> None:
    """A job that is over: the snapshot, the end, and a clean close (S0.22)."""
    got = read(http, f"jobs/{_ended(hw)}/stream")
    assert names(got) == ["snapshot", "end"]
    assert (got[0].data["events"], got[1].data["state"]) == (4, "cancelled")


def test_a_running_job_is_followed_to_its_end(http: httpx2.Client, hw: Headway) -> None:
    """Snapshot first, then each event once and in order, the end last; only events have ids (G10, S0.22)."""
    with ExitStack() as held:
        with hw.tracked("Nightly", show=False) as context:
            messages = held.enter_context(opened(http, f"jobs/{context.job_id}/stream"))
            got = [following(messages)]
            context.log("one")
            context.progress(done=1, total=2)
            context.log("two")
            while got[-1].name != "event" or got[-1].data["data"].get("text") != "two":
                got.append(following(messages))
        got += [one for one in messages if one.name != "comment"]
    first = got[0]
    assert (first.name, first.id) == ("snapshot", None)
    assert numbers(got) == list(range(first.data["events"] + 1, hw.get(context.job_id).events + 1))
    assert {one.name for one in got if one.id is not None} == {"event"}
    assert [one.name for one in got].index("end") == len(got) - 1


@pytest.mark.parametrize("way", ["header", "query", "number"])
def test_a_reader_goes_on_where_it_was(http: httpx2.Client, hw: Headway, way: str) -> None:
    """Last-Event-ID, the same id as ?after=, or a number: exactly what is missing comes (G10)."""
    job = _ended(hw)
    second = [one for one in read(http, f"jobs/{job}/stream", after=0) if one.name == "event"][1]
    assert second.id is not None
    if way == "header":
        got = read(http, f"jobs/{job}/stream", second.id)
    else:
        got = read(http, f"jobs/{job}/stream", after=second.id if way == "query" else 2)
    assert numbers(got) == [3, 4]


def test_a_header_comes_before_the_query(http: httpx2.Client, hw: Headway) -> None:
    """A browser repeats the address it began with: its Last-Event-ID is newer (G10)."""
    job = _ended(hw)
    last = [one for one in read(http, f"jobs/{job}/stream", after=0) if one.name == "event"][-1]
    assert numbers(read(http, f"jobs/{job}/stream", last.id, after=0)) == []


def test_a_cursor_of_another_store_is_reset_once(http: httpx2.Client, hw: Headway) -> None:
    """An unknown cursor gives one reset with a snapshot; its id is a cursor that holds (G10, T12)."""
    job = _ended(hw)
    got = read(http, f"jobs/{job}/stream", "feedfeedfeedfeed-3")
    assert names(got) == ["snapshot", "reset", "end"]
    assert names(read(http, f"jobs/{job}/stream", got[1].id)) == ["snapshot", "end"]


def test_unknown_jobs_and_parameters_are_refused(http: httpx2.Client) -> None:
    """An unknown id is 404, an unknown parameter 422, before a stream begins."""
    assert http.get("jobs/nowhere/stream").status_code == 404
    refused = http.get("stream", params={"colour": "red"})
    assert (refused.status_code, "colour" in refused.json()["detail"]) == (422, True)


def test_streams_are_neither_compressed_nor_stored(http: httpx2.Client, hw: Headway) -> None:
    """Proxies are told not to keep a stream, and nothing holds messages back."""
    job = _ended(hw)
    answer = http.get(f"jobs/{job}/stream", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-accel-buffering"] == "no"
    assert answer.text.startswith("retry: ")


def test_head_does_not_stream(http: httpx2.Client, hw: Headway) -> None:
    """HEAD on a stream is over at once, also for an open job: its connection takes the next request."""
    assert http.head(f"jobs/{hw.submit('t.stream').id}/stream").status_code == 200
    assert http.get("counts").json() == {"pending": 1}


def test_many_jobs_are_followed(http: httpx2.Client, hw: Headway) -> None:
    """All that fit, then each change whole with its version, and what leaves (S0.38)."""
    job = hw.submit("t.list", labels={"customer": "acme"})
    hw.submit("t.other")
    with opened(http, "stream", type="t.list", label="customer:acme", active=True) as messages:
        first = following(messages)
        hw.pause(job)
        second = following(messages)
        hw.cancel(job)
        third = following(messages)
    assert [one["id"] for one in first.data["jobs"]] == [job.id]
    assert (second.name, second.data["state"], second.data["version"]) == ("job", "paused", job.version + 1)
    assert (third.name, third.data["id"]) == ("gone", job.id)


def test_all_below_a_root_are_followed(http: httpx2.Client, hw: Headway) -> None:
    """A tree is a list of jobs, of any depth, that is followed like any other (S0.38)."""
    root = hw.submit("t.root")
    hw.submit("t.other")
    child = hw.submit("t.child", parent=root)
    with opened(http, "stream", root=root.id) as messages:
        first = following(messages)
        grandchild = hw.submit("t.child", parent=child)
        second = following(messages)
    assert [one["id"] for one in first.data["jobs"]] == [child.id]
    assert (second.data["id"], second.data["parent_id"]) == (grandchild.id, child.id)


def test_streams_are_told_that_the_server_stops(server: Serving, http: httpx2.Client, hw: Headway) -> None:
    """A server that stops says so in a comment and ends its streams cleanly; it does not wait for them."""
    job = hw.submit("t.stream")
    with opened(http, f"jobs/{job.id}/stream") as messages, opened(http, "stream") as many:
        assert next(messages).name == "snapshot"
        assert next(many).name == "snapshot"
        server.stop()
        last = [list(left)[-1] for left in (messages, many)]
        assert [(one.name, one.data) for one in last] == [("comment", "the server stops; come back")] * 2


def test_a_deleted_job_has_no_stream(http: httpx2.Client, hw: Headway) -> None:
    """Whoever comes after a job was deleted is refused and told so, before a stream begins."""
    job = _ended(hw)
    hw.delete(job)
    refused = http.get(f"jobs/{job}/stream")
    assert (refused.status_code, refused.json()["code"]) == (410, "deleted")


def test_readers_that_have_gone_leave_nothing(server: Serving, http: httpx2.Client, hw: Headway) -> None:
    """A closed connection is seen: its subscriber is forgotten (G11)."""
    job = hw.submit("t.stream")
    feed = server._app.site.feed
    with opened(http, f"jobs/{job.id}/stream") as messages:
        next(messages)
        hw.pause(job)
        following(messages)
        assert feed.hub.count() == 1
    while feed.hub.count():
        hw.changed(0, 0.02)


def test_a_quiet_stream_says_that_it_is_there(server: Serving, http: httpx2.Client, hw: Headway) -> None:
    """A comment comes when nothing happens, and holds no message."""
    server._app.site.feed.beat_s = 0.05
    with opened(http, f"jobs/{hw.submit('t.stream').id}/stream") as messages:
        assert [next(messages).name for _ in range(3)] == ["snapshot", "comment", "comment"]


def test_a_stream_ends_when_its_permission_is_taken_back(server: Serving, http: httpx2.Client, hw: Headway) -> None:
    """The permission is asked again at every beat, 15 s apart (SEC14)."""
    server._app.site.feed.beat_s = 0.05
    with opened(http, f"jobs/{hw.submit('t.stream').id}/stream") as messages:
        next(messages)
        server._app.site.token = "given out since"
        assert {one.name for one in messages} <= {"comment"}
    assert http.get("stream").status_code == 401
