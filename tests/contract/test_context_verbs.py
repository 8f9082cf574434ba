"""The verbs as a job has them."""

from __future__ import annotations

from headway import AsyncContext, Context, Job
from tests.contract.traces import Trace


def test_a_job_reads_what_it_has_recorded(trace: Trace) -> None:
    """ctx.headway has the verbs on the job's own database: what was said is read back once it is settled."""

    def work(ctx: Context) -> list[str]:
        ctx.items("files").add_many(["a", "b"])
        ctx.settle()
        return [item.key for item in ctx.headway.items(ctx.job_id, "files")]

    assert trace.run(work).result == ["a", "b"]


def test_an_asynchronous_job_awaits_the_verbs(trace: Trace) -> None:
    """ctx.headway.aio has the same verbs for `async def` jobs."""

    async def work(ctx: AsyncContext) -> str:
        found: Job = await ctx.headway.aio.get(ctx.job.id)
        return found.state

    assert trace.run(work).result == "running"
