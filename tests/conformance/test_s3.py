"""The media catalogue's runs: its service functions as a Python facade, its API over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from headway import Context, Headway, HeadwayError, InvalidInput, NotFound
from headway.compat.runs import Runs
from headway.testing import Clock


@pytest.fixture
def runs(hw: Headway) -> Runs:
    """The service on a server's database."""
    return Runs(hw)


def _started(runs: Runs, **options: Any) -> int:
    run = runs.create_job_run("media-sync", "sync", 7, {"mediaType": "movies"}, **options)
    runs.start_job_run(run)
    return run


def _progress(http: httpx2.Client, run: int | str) -> Any:
    return http.get(f"/api/v1/jobs/runs/{run}/progress").json()


def sync_media(runs: Runs, run: int, media: Sequence[str], broken: Sequence[str] = ()) -> None:
    """What the catalogue does: fetch a list, then take its members one by one."""
    runs.update_job_progress(run, 0, "Starting")
    runs.update_job_progress(run, 10, "Fetching")
    runs.set_job_total_items(run, len(media))
    runs.update_job_progress(run, 20, f"Found {len(media)} items")
    for at, title in enumerate(media, 1):
        runs.increment_job_processed_items(run, failed=int(title in broken))
        runs.update_job_progress(run, 20 + 70 * at / len(media), f"Processing {at} of {len(media)}")
    runs.update_job_progress(run, 100, "Done")
    runs.complete_job_run(run, "completed")


def test_a_run_begins_with_zeros(runs: Runs, http: httpx2.Client) -> None:
    """S3.1, S3.2, S3.18: every run has progress, totals, message and data, also one that never told anything."""
    data = _progress(http, runs.create_job_run("media-sync", "sync", 7, {"mediaType": "movies"}))["data"]
    assert (data["progress"], data["totalItems"], data["processedItems"], data["statusMessage"]) == (0, 0, 0, "")
    assert {"id", "jobName", "jobType", "status", "startTime", "endTime", "userID", "errorMessage"} <= data.keys()
    assert (data["progressData"], data["metadata"], data["userID"]) == (None, {"mediaType": "movies"}, "7")


def test_data_of_the_progress(runs: Runs, http: httpx2.Client) -> None:
    """S3.2: progressData holds whatever the work tells."""
    run = _started(runs)
    runs.set_job_progress_data(run, {"library": "Films"})
    assert _progress(http, run)["data"]["progressData"] == {"library": "Films"}


def test_status_and_kind(runs: Runs) -> None:
    """S3.3, S3.12: pending, running, completed, failed, cancelled; a kind is one of five; the end has its time."""
    seen = [runs.get_job_run_progress(runs.create_job_run("a", "system")).status]
    for status in ("completed", "failed", "cancelled"):
        run = _started(runs)
        seen.append(runs.get_job_run_progress(run).status)
        runs.complete_job_run(run, status, "no answer" if status == "failed" else None)
        ended = runs.get_job_run_progress(run)
        assert (ended.status, ended.end_time is not None) == (status, True)
    assert seen == ["pending", "running", "running", "running"]
    with pytest.raises(InvalidInput, match="recommendation"):
        runs.create_job_run("a", "other")


def test_progress_of_one_run(runs: Runs, http: httpx2.Client) -> None:
    """S3.4, S3.7: the run in its envelope, by the number in the path; 404 unknown, 400 where it is no number."""
    run = _started(runs)
    runs.update_job_progress(run, 40, "Processing 4 of 10")
    answer = http.get(f"/api/v1/jobs/runs/{run}/progress")
    assert (answer.status_code, answer.json()["success"]) == (200, True)
    assert answer.json()["data"]["progress"] == runs.get_job_run_progress(run).progress == 40
    for wrong, status in ((run + 1000, 404), ("first", 400), ("-1", 400)):
        refused = http.get(f"/api/v1/jobs/runs/{wrong}/progress")
        assert (refused.status_code, refused.json()["success"]) == (status, False)
    with pytest.raises(NotFound):
        runs.get_job_run_progress(run + 1000)


def test_active_runs(runs: Runs, http: httpx2.Client) -> None:
    """S3.5, S3.8: running and pending ones with their progress, newest first, none that is over."""
    pending, running, done = runs.create_job_run("a", "sync"), _started(runs), _started(runs)
    runs.update_job_progress(running, 30, "Fetching")
    runs.complete_job_run(done, "completed")
    shown = http.get("/api/v1/jobs/active").json()
    assert shown["success"]
    assert [(one["id"], one["status"], one["progress"]) for one in shown["data"]] == [
        (running, "running", 30), (pending, "pending", 0),
    ]  # fmt: skip
    assert [run.id for run in runs.get_active_job_runs()] == [running, pending]


def test_the_latest_run_of_a_sync(runs: Runs, http: httpx2.Client) -> None:
    """S3.6: a sync is known by an id of its own; its newest run answers, whatever the job type."""
    contexts = ("sync-3", "sync-3", "sync-4")
    _, newest, _ = [runs.create_job_run("media-sync", "sync", context_id=context) for context in contexts]
    other = runs.create_job_run("recommendations", "recommendation", external_id="rec-9")
    answer = http.get("/api/v1/jobs/media-sync/sync-3/progress")
    assert (answer.status_code, answer.json()["data"]["id"]) == (200, newest)
    assert http.get("/api/v1/jobs/recommendations/rec-9/progress").json()["data"]["id"] == other
    for unknown in ("media-sync/sync-5", "media-sync/rec-9"):
        assert http.get(f"/api/v1/jobs/{unknown}/progress").status_code == 404


@pytest.mark.parametrize("wrong", [-1, 100.5, float("nan")])
def test_a_percentage_out_of_range_is_refused(runs: Runs, wrong: float) -> None:
    """S3.9: 0 to 100, and nothing is stored of anything else."""
    run = _started(runs)
    with pytest.raises(InvalidInput):
        runs.update_job_progress(run, wrong, "odd")
    assert runs.get_job_run_progress(run).status_message == ""


def test_progress_does_not_go_back_in_silence(runs: Runs, hw: Headway) -> None:
    """S3.9: a smaller percentage does not move the bar back, and the log says so."""
    run = _started(runs)
    runs.update_job_progress(run, 60, "far")
    runs.update_job_progress(run, 20, "less")
    assert (runs.get_job_run_progress(run).progress, runs.get_job_run_progress(run).status_message) == (60, "less")
    assert [line.data["text"] for line in hw.logs(run)] == ["progress 20 is below 60, which stays"]


def test_totals_and_counts(runs: Runs) -> None:
    """S3.10, S3.11: a total, and counts that are added; without a percentage of its own it is processed of total."""
    run = _started(runs)
    runs.set_job_total_items(run, 8)
    runs.increment_job_processed_items(run, 2)
    shown = runs.get_job_run_progress(run)
    assert (shown.total_items, shown.processed_items, shown.progress) == (8, 2, 25)


def test_concurrent_counts_are_all_there(runs: Runs) -> None:
    """S3.11, S3.25: read, add and write are one: many threads lose nothing."""
    run = _started(runs)
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda _: Runs(runs.hw).increment_job_processed_items(run, 3, failed=1, skipped=2), range(30)))
    shown = runs.get_job_run_progress(run)
    assert (shown.processed_items, shown.failed_items, shown.skipped_items) == (90, 30, 60)


@pytest.mark.parametrize("wrong", [{"count": -1}, {"failed": -1}, {"skipped": -1}])
def test_counts_are_never_taken_back(runs: Runs, wrong: dict[str, int]) -> None:
    """S3.11: less than nothing is refused, and nothing of that call is stored."""
    run = _started(runs)
    runs.increment_job_processed_items(run, 2, failed=1, skipped=1)
    with pytest.raises(InvalidInput):
        runs.increment_job_processed_items(run, **wrong)
    shown = runs.get_job_run_progress(run)
    assert (shown.processed_items, shown.failed_items, shown.skipped_items) == (2, 1, 1)


def test_the_percentage_has_one_owner(runs: Runs) -> None:
    """S3.11: counts do not move a bar that update_job_progress has set: it never jumps."""
    run = _started(runs)
    runs.set_job_total_items(run, 4)
    runs.update_job_progress(run, 20, "Found 4 items")
    seen = []
    for at in range(1, 5):
        runs.increment_job_processed_items(run)
        seen.append(runs.get_job_run_progress(run).progress)
        runs.update_job_progress(run, 20 + 70 * at / 4)
        seen.append(runs.get_job_run_progress(run).progress)
    assert seen == [20, 37, 37, 55, 55, 72, 72, 90]


def test_a_whole_sync(runs: Runs, http: httpx2.Client, hw: Headway) -> None:
    """S3.13, S3.16: the milestones in their order, each item counted once; completed at 100."""
    run = _started(runs)
    sync_media(runs, run, [f"film {n}" for n in range(5)])
    data = _progress(http, run)["data"]
    assert (data["status"], data["progress"], data["totalItems"], data["processedItems"]) == ("completed", 100, 5, 5)
    assert data["statusMessage"] == "Done"
    assert hw.get(run).warnings == 0


def test_a_sync_that_can_not_fetch(runs: Runs, http: httpx2.Client) -> None:
    """S3.14: the run is failed, with the text of the error."""
    run = _started(runs)
    runs.update_job_progress(run, 10, "Fetching")
    runs.complete_job_run(run, "failed", "media server answered 503")
    data = _progress(http, run)["data"]
    assert (data["status"], data["errorMessage"]) == ("failed", "media server answered 503")


def test_a_sync_of_nothing(runs: Runs, http: httpx2.Client) -> None:
    """S3.15: zero items reach 100 and completed."""
    run = _started(runs)
    sync_media(runs, run, [])
    data = _progress(http, run)["data"]
    assert (data["status"], data["progress"], data["totalItems"]) == ("completed", 100, 0)


def test_polling_stops_at_the_end(runs: Runs, http: httpx2.Client) -> None:
    """S3.17: the described loop reads data.status of the answer; it is there, and over only when the run is."""
    run = runs.create_job_run("media-sync", "sync")
    seen = [_progress(http, run)["status"]]
    runs.start_job_run(run)
    seen.append(_progress(http, run)["status"])
    runs.complete_job_run(run, "completed")
    data = _progress(http, run)
    assert [*seen, data["status"], data["data"]["status"]] == ["pending", "running", "completed", "completed"]


def test_a_start_names_its_run(runs: Runs, http: httpx2.Client) -> None:
    """S3.20, S3.21: who starts a run gets its number, and there is one run, not two."""
    job = http.post("/api/v1/jobs", json={"type": "media-sync", "category": "sync"}).json()
    assert _progress(http, job["number"])["data"]["jobId"] == job["id"]
    assert len(runs.get_active_job_runs()) == 1


def test_a_lost_run_does_not_stay_running(url: str, clock: Clock) -> None:
    """S3.22: nobody speaks for it any more: at the next start it is not running, and can go on."""
    with Headway(url, clock=clock) as first:
        run = _started(Runs(first))
    clock.advance(60)
    with Headway(url, clock=clock) as second:
        assert Runs(second).get_job_run_progress(run).status == "pending"
        Runs(second).start_job_run(run)
        Runs(second).complete_job_run(run, "completed")
        assert Runs(second).get_job_run_progress(run).status == "completed"


def test_a_full_sync_has_children(runs: Runs, hw: Headway) -> None:
    """S3.24: the child syncs of a full sync are linked to it."""
    full = _started(runs)
    child = runs.create_job_run("media-sync", "sync", parent=full)
    assert [job.number for job in hw.children(full)] == [child]


def test_failed_items_are_counted(runs: Runs, http: httpx2.Client) -> None:
    """S3.25: one item that fails is passed over and counted; the run still completes."""
    run = _started(runs)
    sync_media(runs, run, ["a", "b", "c"], broken=["b"])
    data = _progress(http, run)["data"]
    assert (data["status"], data["processedItems"], data["failedItems"], data["skippedItems"]) == ("completed", 3, 1, 0)


def test_a_run_that_is_over_stays_as_it_is(runs: Runs) -> None:
    """S3.12: after its end nothing changes a run; whoever tries is told."""
    run = _started(runs)
    runs.complete_job_run(run, "completed")
    with pytest.raises(HeadwayError):
        runs.update_job_progress(run, 5)
    with pytest.raises(HeadwayError):
        runs.complete_job_run(run, "failed", "late")
    assert runs.get_job_run_progress(run).progress == 100


def test_jobs_of_workers_are_runs_too(runs: Runs, http: httpx2.Client, hw: Headway) -> None:
    """S3.27: a job of any kind shows its progress through the same calls."""

    def work(ctx: Context) -> None:
        ctx.progress(done=3, total=4, message="nearly")
        ctx.checkpoint()
        seen.append(_progress(http, ctx.job.number)["data"])

    seen: list[Any] = []
    with hw.tracked("Analysis", type="analysis.nightly", category="analysis", show=False) as context:
        work(context)
    assert (seen[0]["processedItems"], seen[0]["totalItems"], seen[0]["progress"]) == (3, 4, 75)
    assert (seen[0]["jobType"], seen[0]["statusMessage"]) == ("analysis", "nearly")
