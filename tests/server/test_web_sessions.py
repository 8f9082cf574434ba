"""The session of a request: named, or the browser's own; bound for the request, kept when something is stored."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from headway import Headway, current_session
from headway.server import create_app
from headway.server.serving import Serving
from headway.store import sweeping, workspaces
from headway.testing import Clock
from tests.support import calls

IDLE_S = 1800
"""Half an hour."""
BROWSER = {"User-Agent": "Mozilla/5.0", "Sec-Fetch-Site": "same-origin"}


def browser(server: Serving) -> httpx2.Client:
    """A client that keeps cookies and says what browsers say."""
    return httpx2.Client(base_url=f"{server.address}/api/v1/", headers=BROWSER, timeout=60)


def mine(client: httpx2.Client, **headers: str) -> str:
    """The session that a client is in."""
    return str(client.get("sessions/current", headers=headers).json()["id"])


def test_every_browser_has_its_own(server: Serving) -> None:
    """S2.2, S2.4: at first touch a browser gets a session that nobody can guess, and keeps it over requests."""
    with browser(server) as one, browser(server) as other:
        assert mine(one) == mine(one)
        assert mine(one) != mine(other)
        assert mine(one).startswith("web-")
        assert len(mine(one)) == len("web-") + 64


def test_the_cookie_is_the_servers_alone(server: Serving) -> None:
    """S2.4: scripts and other sites can not read or send it: HttpOnly, SameSite=Lax."""
    with browser(server) as client:
        (cookie,) = SimpleCookie(client.get("jobs").headers["set-cookie"]).values()
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
        assert "set-cookie" not in client.get("jobs").headers


def test_a_forged_cookie_binds_to_nothing(server: Serving) -> None:
    """S2.4: who is handed a cookie that the server did not sign gets a session of their own instead."""
    with browser(server) as client:
        (name,) = SimpleCookie(client.get("jobs").headers["set-cookie"])
        forged = f"{name}=web-{'0' * 64}.{'0' * 32}"
        answer = calls.get(f"{server.address}/api/v1/sessions/current", headers={**BROWSER, "Cookie": forged})
    assert answer.json()["id"] not in ("web-" + "0" * 64, "default.yaml")


def test_a_tab_names_another(server: Serving, hw: Headway) -> None:
    """S2.2: a header, or ?session=, comes before the cookie that all tabs share; the header before the query."""
    for name in ("a", "b"):
        hw.create_session(name)
    with browser(server) as client:
        own = mine(client)
        assert mine(client, **{"Headway-Session": "a"}) == "a"
        assert client.get("sessions/current?session=b").json()["id"] == "b"
        assert client.get("sessions/current?session=b", headers={"Headway-Session": "a"}).json()["id"] == "a"
        assert mine(client) == own


def test_an_unknown_session_is_an_error(http: httpx2.Client) -> None:
    """Rule 10: a session that is named and not there is 404, and no job is stored elsewhere instead."""
    answer = http.post("jobs", json={"type": "copy"}, headers={"Headway-Session": "nowhere"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert http.get("jobs").json()["jobs"] == []


def test_programs_share_the_default(http: httpx2.Client) -> None:
    """S2.41: whoever is no browser and names nothing works in the default session, and gets no cookie."""
    answer = http.post("jobs", json={"type": "copy"})
    assert answer.json()["session"] == "default.yaml"
    assert "set-cookie" not in answer.headers


def test_a_first_touch_stores_nothing(server: Serving, hw: Headway) -> None:
    """S2.2: browsers that only look leave no rows, however many they are; the first job makes the session."""
    for _ in range(5):
        with browser(server) as client:
            mine(client)
    assert [one.id for one in hw.sessions()] == ["default.yaml"]
    with browser(server) as client:
        own = mine(client)
        assert client.post("jobs", json={"type": "copy"}).json()["session"] == own
    assert [one.id for one in hw.sessions()] == ["default.yaml", own]


def test_a_configuration_makes_it_too(server: Serving, hw: Headway) -> None:
    """S2.2: a browser can save its own session before anything else is stored in it."""
    with browser(server) as client:
        own = mine(client)
        assert client.put(f"sessions/{own}/config", json={"config": {"n": 1}}).status_code == 200
    assert hw.session(own).config == {"n": 1}


def test_files_have_no_session(server: Serving) -> None:
    """S2.28: files that are the same for everybody give no cookie; every other path does."""
    with httpx2.Client(base_url=server.address, headers=BROWSER, timeout=60) as client:
        for path in ("/static/app", "/assets/x", "/app.js", "/style.css"):
            assert "set-cookie" not in client.get(path).headers
        assert "set-cookie" in client.get("/api/v1/jobs/a.js").headers


def test_pages_of_other_origins_get_none(server: Serving) -> None:
    """A page that would never send the cookie back works in the session that it names, else in the default one."""
    headers = {**BROWSER, "Sec-Fetch-Site": "cross-site"}
    assert "set-cookie" not in calls.get(f"{server.address}/api/v1/jobs", headers=headers).headers


def test_requests_do_not_see_each_other(server: Serving, hw: Headway) -> None:
    """S2.26, S2.32: of many requests at once each acts in its own session, and none is left behind."""
    names = [f"s{n}" for n in range(8)]
    for name in names:
        hw.create_session(name)
    found: dict[str, set[str]] = {name: set() for name in names}

    def ask(name: str) -> None:
        with httpx2.Client(base_url=server.address, headers={"Headway-Session": name}, timeout=60) as client:
            for _ in range(10):
                found[name].add(client.post("/api/v1/jobs", json={"type": "copy"}).json()["session"])

    threads = [threading.Thread(target=ask, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {name: {name} for name in names}
    assert calls.post(f"{server.address}/api/v1/jobs", json={"type": "copy"}).json()["session"] == "default.yaml"
    assert current_session() == "default.yaml"


@pytest.fixture
def moved(url: str, clock: Clock) -> Iterator[Headway]:
    """The verbs with time that a test moves."""
    with Headway(url, clock=clock) as hw:
        yield hw


async def _call(app: Any, method: str, path: str, cookie: str = "") -> tuple[Any, str]:
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost", headers=BROWSER) as client:
        body: Any = {"json": {"type": "copy"}} if method == "POST" else {}
        answer = await client.request(method, f"/api/v1/{path}", headers={"Cookie": cookie} if cookie else {}, **body)
        return answer.json(), answer.headers.get("set-cookie", "").partition(";")[0] or cookie


def test_an_idle_session_ends(moved: Headway, clock: Clock) -> None:
    """S2.29, S2.30: use keeps a session, an open job keeps it, and after half an hour without either it is closed."""
    app = create_app(moved)
    job, cookie = asyncio.run(_call(app, "POST", "jobs"))
    clock.advance(IDLE_S + 1)
    sweeping.sweep(moved._database)
    assert moved.session(job["session"]).open_jobs == 1
    moved.cancel(job["id"])
    clock.advance(IDLE_S - 100)
    asyncio.run(_call(app, "GET", "jobs", cookie))
    clock.advance(IDLE_S - 100)
    sweeping.sweep(moved._database)
    assert moved.session(job["session"]).open_jobs == 0
    clock.advance(101)
    sweeping.sweep(moved._database)
    assert [one.id for one in moved.sessions()] == ["default.yaml"]
    assert moved.get(job["id"]).state == "cancelled"


def test_the_default_session_outlives_everything(moved: Headway, clock: Clock) -> None:
    """S2: the sweep never closes the session of everything that names none, whatever is stored of it."""
    told = workspaces.Save("{}", 10, None, "a version before this one", None, idle_s=1.0)
    moved._database.write(lambda transaction: workspaces.save(transaction, "default.yaml", told, moved.now()))
    clock.advance(IDLE_S)
    sweeping.sweep(moved._database)
    job, _ = asyncio.run(_call(create_app(moved), "POST", "jobs?session=default"))
    assert job["session"] == "default.yaml"


def test_a_blank_session_leaves_no_row(moved: Headway, clock: Clock) -> None:
    """S2.29: a session in which nothing was stored goes altogether when it ends; others keep their rows."""
    names: dict[str, dict[str, int]] = {"blank": {}, "saved": {"n": 1}, "used": {}, "emptied": {"n": 1}}
    for name, config in names.items():
        moved.create_session(name, config, idle_s=60)
    moved.save_session("emptied", {})
    moved.cancel(moved.submit("copy", session="used"))
    clock.advance(61)
    sweeping.sweep(moved._database)
    left = {name: len(moved._database.read("session_versions", tenant=0, session=name, limit=9)) for name in names}
    assert left == {"blank": 0, "saved": 1, "used": 1, "emptied": 2}


def test_servers_share_the_key(tmp_path: Path) -> None:
    """S2.2: any server of one database knows the browsers of another; servers of other databases name theirs apart."""
    names = []
    for place in ("a.db", "a.db", "b.db"):
        with Headway(str(tmp_path / place)) as hw:
            names.append(asyncio.run(_call(create_app(hw), "GET", "jobs"))[1].partition("=")[0])
    assert names[0] == names[1] != names[2]


def test_what_is_no_id_is_refused(http: httpx2.Client) -> None:
    """A name that can be no session's is refused before anything is done."""
    for headers, query in (({"Headway-Session": "a/b"}, ""), ({}, "?session="), ({}, "?session=list")):
        answer = http.post(f"jobs{query}", json={"type": "copy"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert http.get("jobs").json()["jobs"] == []


def test_a_mounted_app_keeps_to_its_prefix(moved: Headway) -> None:
    """S2.2: below a prefix the cookie is sent to that prefix alone, and paths name sessions as elsewhere."""

    async def ask() -> httpx2.Response:
        around = Starlette(routes=[Mount("/tools", create_app(moved))])
        transport = httpx2.ASGITransport(around)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost", headers=BROWSER) as client:
            return await client.get("/tools/api/v1/sessions/current")

    answer = asyncio.run(ask())
    assert answer.json()["id"].startswith("web-")
    assert "; Path=/tools;" in answer.headers["set-cookie"]
