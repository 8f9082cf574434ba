"""The OpenAPI document: whole, true, and kept by every answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks
from starlette.routing import WebSocketRoute

from headway import Headway
from headway.server import create_app
from headway.server.app import OPERATIONS, PARTS
from headway.server.operation import Operation
from headway.server.serving import Serving
from tests.support import calls

ONCE = [one for one in OPERATIONS if one.media != "text/event-stream"]
"""What answers and is done: streams last."""

KEPT = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.unsupported_method,
]


def named_path(one: Operation) -> str:
    """The path of an operation as the document has it."""
    return one.address.replace(":number", "").replace(":path", "")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server that every example of this file talks to."""
    with Headway(tmp_path_factory.mktemp("openapi") / "jobs.db") as hw, Serving(create_app(hw), port=0) as serving:
        yield serving


@pytest.fixture(scope="module")
def document(served: Serving) -> Any:
    """The document as it is served."""
    return calls.get(f"{served.address}/openapi.json").json()


def test_every_reference_leads_somewhere(document: Any) -> None:
    """No $ref dangles, also where two types have one name."""
    found: list[str] = []
    _collect(document, found)
    for reference in found:
        at = document
        for name in reference.removeprefix("#/").split("/"):
            at = at[name]
    assert len(found) > 100


def _collect(value: Any, found: list[str]) -> None:
    if isinstance(value, dict) and isinstance(value.get("$ref"), str):
        found.append(value["$ref"])
    for member in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _collect(member, found)


def test_it_names_every_route(document: Any, tmp_path: Path) -> None:
    """What answers is in the document, and nothing else is."""
    with Headway(tmp_path / "jobs.db") as hw:
        site = create_app(hw).site
    named = {(path, method.upper()) for path, methods in document["paths"].items() for method in methods}
    known = {(named_path(one), one.method) for one in OPERATIONS}
    assert named == known
    assert all(isinstance(route, WebSocketRoute) for part in PARTS for route in part(site))


def test_operations_are_told_apart(document: Any) -> None:
    """Every operation has an id of its own, a summary, and an example of what it takes."""
    every = [one for methods in document["paths"].values() for one in methods.values()]
    assert len({one["operationId"] for one in every}) == len(every)
    assert [one["operationId"] for one in every if not one["summary"]] == []
    bodies = [one for one in every if "requestBody" in one]
    assert [
        one["operationId"] for one in bodies if "example" not in one["requestBody"]["content"]["application/json"]
    ] == []


def test_examples_fit(document: Any) -> None:
    """Every example of a body, an answer and a problem is one that its schema takes."""
    for name, content in _contents(document):
        if "example" in content:
            schema = {**content["schema"], "components": document["components"]}
            assert jsonschema_rs.is_valid(schema, content["example"]), name


@pytest.mark.parametrize("one", ONCE, ids=lambda one: f"{one.method} {one.path}")
def test_made_up_calls_are_answered_as_documented(served: Serving, one: Operation) -> None:
    """Whatever is sent, no answer is 5xx, and each has a documented status, type and form."""
    schema = schemathesis.openapi.from_url(f"{served.address}/openapi.json")
    chosen = schema[named_path(one)][one.method]

    @settings(max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck),
              phases=[Phase.explicit, Phase.generate], derandomize=True)  # fmt: skip
    @given(case=chosen.as_strategy())
    def call(case: Any) -> None:
        if isinstance(case.body, dict) and "wait_s" in case.body:
            case.body["wait_s"] = 0
        if case.query and "wait" in case.query:
            case.query["wait"] = 0
        case.call_and_validate(checks=KEPT, timeout=60)

    call()


def _contents(document: Any) -> Iterator[tuple[str, Any]]:
    """Everything that has a schema and may have an example, by name."""
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            for part in (one.get("requestBody", {}), *one["responses"].values()):
                for content in part.get("content", {}).values():
                    yield f"{method} {path}", content
    for code, part in document["components"]["responses"].items():
        for content in part["content"].values():
            yield code, content
