"""Instants mean the same where they are equal, or equally far from the time of sending."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.parity.instants import is_instant, means_same
from contracts.parity.renaming import Renaming
from contracts.parity.texts import Texts

THEN = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
NOW = datetime(2030, 1, 1, 8, 0, tzinfo=UTC)


def same(expected: str, actual: str) -> bool:
    return means_same(expected, actual, expected_at=THEN, actual_at=NOW)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("2031-01-01T00:00:00Z", "2031-01-01T00:00:00.000Z"),
        ("2031-01-01T02:00:00+02:00", "2031-01-01T00:00:00Z"),
        ("2026-11-21T09:00:00.120Z", "2030-01-01T08:00:01Z"),
        ("2026-11-28T09:00:00Z", "2030-01-08T08:00:00Z"),
        ("2026-11-22", "2030-01-02"),
    ],
    ids=["precision", "zone", "just now", "in a week", "tomorrow"],
)
def test_instants_that_mean_the_same(expected: str, actual: str) -> None:
    assert same(expected, actual)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("2026-11-28T09:00:00Z", "2030-01-09T08:00:00Z"),
        ("2031-01-01T00:00:00Z", "2031-01-01T01:00:00Z"),
        ("2026-11-21T09:00:00Z", "2030-01-01T08:00:00"),
        ("2026-11-22", "2030-01-03"),
    ],
    ids=["a day later", "an hour later", "without a zone", "the day after"],
)
def test_instants_that_do_not(expected: str, actual: str) -> None:
    assert not same(expected, actual)


@pytest.mark.parametrize("text", ["2026", "2026-13-01", "12-01-2026", "2026-11-21T25:00:00Z", ""])
def test_what_is_no_instant(text: str) -> None:
    assert not is_instant(text)


def test_a_time_that_is_shown_again_later_still_means_the_same() -> None:
    renaming = Renaming()
    created, made = "2026-11-21T09:00:00Z", "2030-01-01T08:00:00Z"
    assert Texts(renaming, expected_at=THEN, actual_at=NOW).agree(created, made)
    later = Texts(renaming, expected_at=THEN + timedelta(hours=1), actual_at=NOW)
    assert later.agree(created, made)
    assert not later.agree("2026-11-21T09:00:01Z", made)


def test_texts_may_hold_names_and_instants_of_their_side() -> None:
    renaming = Renaming()
    renaming.agrees("book", "7", "12")
    renaming.agrees("", "abcdef", "uvwxyz")
    texts = Texts(renaming, expected_at=THEN, actual_at=NOW)
    expected = "Book 7 (https://x.test/d/abcdef) is lent since 2026-11-21T09:00:00Z"
    assert texts.agree(
        expected, "Book 12 (https://x.test/d/uvwxyz) is lent since 2030-01-01T08:00:00Z"
    )
    assert not texts.agree(
        expected, "Book 12 (https://x.test/d/abcdef) is lent since 2030-01-01T08:00:00Z"
    )
    assert not texts.agree(
        expected, "Book 13 (https://x.test/d/uvwxyz) is lent since 2030-01-01T08:00:00Z"
    )


def test_a_uuid_in_a_text_is_learned() -> None:
    texts = Texts(Renaming(), expected_at=THEN, actual_at=NOW)
    one, other = "0b976f56-a3e8-4f88-83af-d83c66ef24a0", "63bdfb9d-eac9-4c8c-b530-c34fe77cc102"
    assert texts.agree(f"no job {one}", f"no job {other}")
    assert not texts.agree(f"no job {one}", f"no job {one}")
