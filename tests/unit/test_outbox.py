"""What an attempt has to say, taken and heard by several threads at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from headway.runtime.outbox import Outbox
from headway.store.moving import Change


def _box() -> tuple[Outbox, Event, Event]:
    """An outbox whose progress is measured once: it tells that it was, and waits."""
    box, measured, go_on = Outbox("job", 1, None), Event(), Event()

    def measure() -> str | None:
        if measured.is_set():
            return None
        measured.set()
        assert go_on.wait(60)
        return '{"done":4}'

    box.measure = measure
    return box, measured, go_on


def test_a_progress_is_in_the_report_that_is_taken_next() -> None:
    """Two threads that take at once get one report, with the progress that only one of them has measured."""
    box, measured, go_on = _box()
    box.say("log", "info", 0.0, {"text": "said"})
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(box.take)
        assert measured.wait(60)
        second = threads.submit(box.take)
        go_on.set()
        report = first.result(60)
        assert second.result(60) is report
    assert report is not None
    assert (report.progress, len(report.entries)) == ('{"done":4}', 1)


def test_nothing_is_taken_after_the_end() -> None:
    """A thread that measured while another one stored the end has nothing to say any more."""
    box, measured, go_on = _box()
    box.end(Change(job="job", actor="runner", move="halt"))
    with ThreadPoolExecutor(1) as threads:
        late = threads.submit(box.take)
        assert measured.wait(60)
        box.ended = True
        go_on.set()
        assert late.result(60) is None


def test_the_last_progress_is_measured_after_the_end() -> None:
    """An end that is said while another thread measures goes with the next report, which tells all that was done."""
    box, measured, go_on = _box()
    with ThreadPoolExecutor(1) as threads:
        early = threads.submit(box.take)
        assert measured.wait(60)
        box.end(Change(job="job", actor="runner", move="halt"))
        go_on.set()
        report = early.result(60)
    assert report is not None
    assert (report.progress, report.end) == ('{"done":4}', None)
    box.answered(True, "running", 1, 0.0)
    box.measure = lambda: '{"done":5}'
    last = box.take()
    assert last is not None
    assert last.end is not None
    assert (last.end.move, last.end.progress) == ("halt", '{"done":5}')


def test_what_was_heard_late_takes_nothing_back() -> None:
    """A thread that has looked before a pause, and tells of it after another one, changes nothing."""
    box = Outbox("job", 1, None)
    box.hear("pausing", 1, 3, 0.0)
    box.hear("running", 1, 2, 0.0)
    assert (box.asked, box.heard.is_set()) == ("pause", True)
    box.hear("running", 1, 4, 0.0)
    assert (box.asked, box.heard.is_set(), box.was_asked) == (None, False, True)
