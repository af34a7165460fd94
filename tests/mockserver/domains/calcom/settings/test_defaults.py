import pytest

from mockserver.domains.calcom.settings import lenient_slug


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("coffee-chat", "coffee-chat"),
        ("  Coffee Chat!  ", "Coffee Chat!"),
        ("--a", "a"),
        ("-._a", "a"),
        ("_.-a", ".-a"),
        ("._-a", "-a"),
        ("a-", "a-"),
        ("", ""),
    ],
)
def test_a_slug_loses_blanks_and_then_leading_dashes_dots_and_underscores(
    sent: str, stored: str
) -> None:
    assert lenient_slug(sent) == stored
