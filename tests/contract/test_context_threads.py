"""Several threads of one attempt: what is asked reaches all of them alike."""

from __future__ import annotations

import threading

from headway import Context, Halt, Headway


def test_a_pause_in_place_holds_all_threads_of_a_block(live: Headway) -> None:
    """Each thread of a paused block waits in check(), and each goes on after the resume."""
    went_on: list[int] = []
    with live.tracked("Import", show=False) as ctx:

        def work(number: int) -> None:
            assert ctx.wait_asked(60)
            together.wait()
            ctx.check()
            went_on.append(number)

        together = threading.Barrier(4)
        threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        live.pause(ctx.job_id)
        together.wait()
        live.wait(ctx.job_id, until="paused")
        live.resume(ctx.job_id)
        for thread in threads:
            thread.join()
    assert sorted(went_on) == [0, 1, 2]


def test_a_thread_that_outlives_its_job_is_told(live: Headway) -> None:
    """After the last move of an attempt nothing more is taken: checkpoint, step, artifact and alias raise Halt."""
    over, refused = threading.Event(), []

    def late(ctx: Context) -> None:
        assert over.wait(60)
        for say in (
            ctx.check,
            lambda: ctx.checkpoint(x=1),
            lambda: ctx.artifact("late", b"x"),
            lambda: ctx.alias("late"),
        ):
            try:
                say()
            except Halt as halt:
                refused.append(halt.why)

    with live.tracked("Import", show=False) as ctx:
        thread = threading.Thread(target=late, args=(ctx,))
        thread.start()
    over.set()
    thread.join()
    assert refused == ["lease_lost"] * 4
    assert live.get(ctx.job_id).external_ids == {}
