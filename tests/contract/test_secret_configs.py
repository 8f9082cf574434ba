"""Secrets in the configuration of a session: sealed without being asked, kept when blank, shown never (S0.6, S2.10)."""

from __future__ import annotations

from typing import Any

import pytest

import headway
from headway import Headway, InvalidInput, Secret

CANARY = "c4n4ry-of-a-test"
HIDDEN = {"$secret": "***"}


@pytest.fixture(autouse=True)
def _own_keys(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test makes its own key."""
    for name in ("HEADWAY_KEY", "HEADWAY_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))


@headway.job("secret_configs.read")
def read(ctx: headway.Context, path: list[str | int]) -> int:
    found: Any = ctx.config
    for part in path:
        found = found[part]
    return len(found.reveal())


def revealed(hw: Headway, session: str, *path: str | int) -> int:
    """The length of the secret there, as a job of the session reads it."""
    job = hw.submit(read, {"path": list(path)}, session=session)
    hw.work_until_idle()
    length: int = hw.result(job)
    return length


def rows(hw: Headway, session: str) -> str:
    """All that is stored of the session's configurations."""
    return str(hw._database.read("session_versions", tenant=0, session=session, limit=100))


@pytest.mark.parametrize(
    "name",
    ["password", "db_password", "Passwd", "PASSPHRASE", "client-secret", "api_key", "apiKey", "GITHUB_TOKEN",
     "private_key", "aws_access_key", "credential", "credentials", "ssh_key", "pass", "db_pass", "dbPass", "pwd",
     "auth", "HTTP_AUTH", "Authorization", "bearer", "session_cookie", "passcode", "pin", "sim-pin",
     "passwords", "api_keys"],
)  # fmt: skip
def test_a_password_like_name_is_enough(hw: Headway, name: str) -> None:
    """S0.6: a text under such a name is sealed, shown as ***, and opened for jobs of the session."""
    made = hw.create_session("work", {"source": {name: CANARY, "user": "anna"}})
    assert made.config == {"source": {name: HIDDEN, "user": "anna"}} == hw.session("work").config
    assert CANARY not in rows(hw, "work") + str(hw.session_versions("work")) + str(hw.sessions())
    assert revealed(hw, "work", "source", name) == len(CANARY)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (f"postgresql://anna:{CANARY}@db/x", "postgresql://anna:***@db/x"),
        (f"jdbc:mysql://db/x?user=a&trustStorePassword={CANARY}&b=1", "jdbc:mysql://db/x?user=a&trustStorePassword=***&b=1"),
        (f"redis://:{CANARY}@cache:6379", "redis://:***@cache:6379"),
    ],
)  # fmt: skip
def test_an_address_with_a_password_is_sealed(hw: Headway, text: str, hidden: str) -> None:
    """The rest of the address stays to be seen; the job gets all of it."""
    made = hw.create_session("work", {"target": text})
    assert (made.config["target"], CANARY in rows(hw, "work")) == ({"$secret": hidden}, False)
    assert revealed(hw, "work", "target") == len(text)
    assert hw.save_session("work", made.config).config == made.config
    assert revealed(hw, "work", "target") == len(text)


@pytest.mark.parametrize("blank", ["", None, "***", {"$secret": ""}, {"$secret": "***"}])
def test_a_blank_secret_keeps_the_stored_one(hw: Headway, blank: object) -> None:
    """S2.10: whoever saves what was shown, or leaves the field empty, changes nothing of the secret."""
    hw.create_session("work", {"password": CANARY, "host": "a"})
    assert hw.save_session("work", {"password": blank, "host": "b"}).config == {"password": HIDDEN, "host": "b"}
    assert revealed(hw, "work", "password") == len(CANARY)


def test_a_new_value_takes_the_place_of_the_old_one(hw: Headway) -> None:
    """A secret that is given is stored, by value or by reference; one that is left out is gone."""
    hw.create_session("work", {"password": CANARY, "token": CANARY})
    saved = hw.save_session("work", {"password": "another", "token": Secret.env("A_TEST_TOKEN")})
    assert saved.config == {"password": HIDDEN, "token": {"$secret": {"env": "A_TEST_TOKEN"}}}
    assert revealed(hw, "work", "password") == len("another")
    assert hw.save_session("work", {}).config == {}


@headway.job("secret_configs.late")
def late(ctx: headway.Context) -> int:
    if ctx.attempt == 1:
        raise ConnectionError("not yet")
    return len(ctx.config["password"].reveal())


def test_each_version_opens_as_it_was_saved(hw: Headway) -> None:
    """A job reads the secret of the version that it was submitted with; its restart that of the newest one."""
    hw.create_session("work", {"password": CANARY})
    old = hw.submit(late, session="work")
    hw.work_until_idle()
    hw.save_session("work", {"password": "another"})
    hw.retry(old)
    hw.work_until_idle()
    new = hw.restart(old)
    hw.work_until_idle()
    hw.retry(new)
    hw.work_until_idle()
    assert (hw.result(old), hw.result(new)) == (len(CANARY), len("another"))


def test_what_is_shown_is_not_taken_for_a_value(hw: Headway) -> None:
    """*** where nothing is stored, or in an address that was changed, is refused: it would be kept as the password."""
    with pytest.raises(InvalidInput, match="how a secret is shown"):
        hw.create_session("work", {"password": "***"})
    hw.create_session("work", {"url": f"ftp://anna:{CANARY}@a/"})
    with pytest.raises(InvalidInput, match="how a secret is shown"):
        hw.save_session("work", {"url": {"$secret": "ftp://anna:***@elsewhere/"}})


def test_a_blank_secret_in_a_list_finds_its_own(hw: Headway) -> None:
    """A member that moved keeps its password, and never gets that of the one whose place it takes."""
    hw.create_session("work", {"servers": [{"host": "a", "password": "1"}, {"host": "b", "password": "four"}]})
    hw.save_session("work", {"servers": [{"host": "b", "password": "***"}]})
    assert revealed(hw, "work", "servers", 0, "password") == 4
    with pytest.raises(InvalidInput, match="how a secret is shown"):
        hw.save_session("work", {"servers": [{"host": "c", "password": "***"}, {"host": "b", "password": "***"}]})


def test_a_secret_that_has_not_changed_stays_as_it_is_stored(hw: Headway) -> None:
    """Saving the same values twice stores the same text, so that whoever compares sees no change."""
    hw.create_session("work", {"password": CANARY, "url": f"ftp://anna:{CANARY}@a/"})
    hw.save_session("work", {"password": CANARY, "url": f"ftp://anna:{CANARY}@a/"})
    first, second = hw._database.read("session_versions", tenant=0, session="work", limit=100)
    assert first[2] == second[2]


def test_what_is_nested_too_deeply_is_refused(hw: Headway) -> None:
    """Where nobody can look for secrets, nothing is stored."""
    deep: Any = {"$secret": CANARY}
    for _ in range(600):
        deep = {"a": deep}
    with pytest.raises(InvalidInput, match="nested"):
        hw.submit("x", deep)
    with pytest.raises(InvalidInput, match="nested"):
        hw.create_session("work", deep)


def test_numbers_and_lists_of_passwords(hw: Headway) -> None:
    """A password of digits is a text; tokens in a list are sealed one by one; other numbers stay numbers."""
    made = hw.create_session("work", {"password": 123456, "api_token": ["x", "y"], "max_token": 9, "n": "1"})
    assert made.config == {"password": HIDDEN, "api_token": [HIDDEN, HIDDEN], "max_token": 9, "n": "1"}
    assert revealed(hw, "work", "password") == 6


def test_a_start_runs_with_the_secrets_of_its_session(hw: Headway) -> None:
    """S2.10: what was saved once is used by every start."""
    hw.create_session("work", {"password": CANARY}, "secret_configs.read")
    job = hw.start_session("work", {"path": ["password"]})
    hw.work_until_idle()
    assert hw.result(job) == len(CANARY)


@pytest.mark.parametrize(
    "name", ["bypass", "compass", "oauth_url", "author", "spin", "pinned", "passage", "key", "tokenizer"]
)
def test_a_name_that_only_looks_alike_is_left(hw: Headway, name: str) -> None:
    """What is no secret can be read by everybody."""
    assert hw.create_session("work", {name: "seen"}).config == {name: "seen"}


ONE, TWO = "ssh://u:pw123456@h1/", "ssh://u:pw999999@h2/"


@pytest.mark.parametrize(
    ("stored", "given"),
    [
        ({"url": ONE}, {"url": "ssh://u:***@h2/"}),
        ({"hosts": [{"url": ONE}, {"url": TWO}]}, {"hosts": [{"url": "ssh://u:***@h2/"}, {"url": "ssh://u:***@h1/"}]}),
        ({"hosts": [ONE, TWO]}, {"hosts": ["ssh://u:***@h2/"]}),
        ({}, {"url": "https://h/?token=***"}),
        ({"list": [{"token": "tok1"}, {"token": "tok2"}]}, {"list": [{"token": ""}]}),
        ({"list": [{"token": "tok1"}, {"token": "tok2"}]}, {"list": [{"token": None}]}),
        ({"list": [{"id": "a", "token": "tok1"}, {"id": "c"}]}, {"list": [{"id": "b", "token": {"$secret": ""}}]}),
    ],
)
def test_a_blank_of_something_else_is_refused(hw: Headway, stored: dict[str, Any], given: dict[str, Any]) -> None:
    """S2.10, 0009: an address that changed beside its ***, and a blank member that nothing stands for, lose nothing."""
    hw.create_session("work", stored)
    before = rows(hw, "work")
    with pytest.raises(InvalidInput, match="Give its value anew"):
        hw.save_session("work", given)
    assert rows(hw, "work") == before


def test_a_new_member_may_be_blank_where_none_has_gone(hw: Headway) -> None:
    """A host without a password is added beside those that keep theirs."""
    hw.create_session("work", {"hosts": [{"id": "a", "password": CANARY}]})
    hw.save_session("work", {"hosts": [{"id": "b", "password": ""}, {"id": "a", "password": "***"}]})
    assert revealed(hw, "work", "hosts", 1, "password") == len(CANARY)
