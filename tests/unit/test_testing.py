"""What Headway offers to tests of jobs."""

from __future__ import annotations

import pytest

from headway import Context
from headway.testing import context


def target(ctx: Context) -> tuple[str, str]:
    """A job that needs its session."""
    return ctx.session, ctx.config["host"]


@pytest.mark.parametrize("session", ["acme", "default.yaml"])
def test_a_context_has_the_configuration_of_a_session(session: str) -> None:
    """A job that reads ctx.config can be called like a function."""
    assert target(context(config={"host": "a"}, session=session)) == (session, "a")
