"""Ids on the command line: what a shell offers where one is expected."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from headway.cli import wording
from headway.cli.app import app_of
from headway.errors import HeadwayError
from headway.model.job import Job
from headway.model.moves import MOVES

OFFERED = 50
"""Jobs that are looked at, the newest."""
VERBS = {row.move for row in MOVES if row.by == "user" and row.source}
"""Verbs that only some jobs can be asked for."""


class JobId(click.ParamType[str]):
    """Any id of a job. A shell is offered the numbers of the newest jobs that the verb can be asked for."""

    name = "id"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The numbers that begin so, and the other ids once something was typed; nothing where nobody answers."""
        try:
            jobs = app_of(ctx).hw.jobs(limit=OFFERED)
        except HeadwayError:  # a half-written line is no place for a message
            return []
        able = [job for job in jobs if ctx.info_name not in VERBS or ctx.info_name in job.moves]
        return [
            CompletionItem(text, help=f"{wording.state(job.state)} {wording.name_of(job)}")
            for job in able
            for text in _forms(job, incomplete)
            if text.startswith(incomplete)
        ]


def _forms(job: Job, incomplete: str) -> list[str]:
    """The ids of a job that are worth offering: its number, and what somebody has begun to type."""
    given = [alias.partition(":")[2] for alias in job.aliases]
    return [str(job.number), *(given if incomplete else [])]


JOB_ID = JobId()
