"""What a support bundle says of the machine that it was made on."""

from __future__ import annotations

import pytest

from headway.model.support import Check
from headway.tracker.support import without_home


@pytest.mark.parametrize(
    ("home", "said", "told"),
    [
        ("/home/ann", "put /home/ann/jobs.db back", "put ~/jobs.db back"),
        ("/home/ann/", "it is /home/ann.", "it is ~."),
        ("/home/ann", "put /home/anna/jobs.db back", "put /home/anna/jobs.db back"),
        ("/", "put /jobs.db back", "put /jobs.db back"),
    ],
)
def test_the_home_of_a_user_is_not_told(home: str, said: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """ux Settings: neither what a check found nor what it advises names the home of a user, which bears a name."""
    monkeypatch.setenv("HOME", home)
    clean = without_home(Check(name="file", status="failing", found=said, remedy=said))
    assert (clean.found, clean.remedy) == (told, told)
