"""The app inside somebody else's: under a prefix, beside its own paths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from headway import Headway
from headway.server import create_app
from headway.server.app import App
from headway.server.serving import Serving
from tests.support import calls


@pytest.fixture
def tools(hw: Headway) -> Iterator[str]:
    """The address of another app, in which the API is mounted at /jobs-api."""
    mine = create_app(hw, origins=["https://tools.example"])
    host = Starlette(routes=[Route("/hello", lambda request: PlainTextResponse("hello")), Mount("/jobs-api", mine)])
    host.site = mine.site  # type: ignore[attr-defined]
    with Serving(cast(App, host), port=0) as serving:
        yield serving.address


def test_it_stands_under_any_prefix(tools: str) -> None:
    """Doors 28: paths, Location and the document's server are below the prefix; the other app's paths are its own."""
    answer = calls.post(f"{tools}/jobs-api/api/v1/jobs", json={"type": "a"})
    assert answer.headers["location"].startswith("/jobs-api/api/v1/jobs/")
    assert calls.get(tools + answer.headers["location"]).json()["type"] == "a"
    assert calls.get(f"{tools}/jobs-api/openapi.json").json()["servers"] == [{"url": "/jobs-api"}]
    assert calls.get(f"{tools}/hello").text == "hello"


def test_an_allowed_origin_may_call(tools: str) -> None:
    """A page of an origin that was allowed is answered, also what a browser asks first; others get no such word."""
    asks = {"Origin": "https://tools.example", "Access-Control-Request-Method": "POST"}
    first = calls.options(f"{tools}/jobs-api/api/v1/jobs", headers=asks)
    assert first.headers["access-control-allow-origin"] == "https://tools.example"
    headers = {"Origin": "https://tools.example", "Sec-Fetch-Site": "cross-site"}
    assert calls.post(f"{tools}/jobs-api/api/v1/jobs", json={"type": "a"}, headers=headers).status_code == 201
    other = calls.get(f"{tools}/jobs-api/api/v1/jobs", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers
