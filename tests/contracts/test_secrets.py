"""Secrets are hidden in every spelling in which a server may say them back."""

from base64 import b64encode
from urllib.parse import quote, quote_plus

import pytest

from contracts.secrets import Secrets

KEY = 'cal_live/+ "5ecret"'
SPELLINGS = [
    KEY,
    quote(KEY),
    quote(KEY, safe=""),
    quote(KEY, safe="").replace("%2F", "%2f").replace("%2B", "%2b"),
    quote_plus(KEY),
    KEY.replace('"', '\\"'),
    b64encode(f"{KEY}:".encode()).decode(),
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_is_replaced_by_the_name(spelling: str) -> None:
    secrets = Secrets({KEY: "$OWNER"})
    assert secrets.text(f"got <{spelling}>") == "got <$OWNER>"
    assert secrets.body(f"got <{spelling}>".encode()) == b"got <$OWNER>"


def test_the_longest_secret_goes_first() -> None:
    secrets = Secrets({"abc": "$SHORT", "abcdef": "$LONG"})
    assert secrets.text("abcdef abc") == "$LONG $SHORT"


def test_no_secret_hides_nothing() -> None:
    assert Secrets({"": "$NONE"}).text("as it is") == "as it is"
