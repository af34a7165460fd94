import pytest

from mockserver.domains.calcom.settings.confirmation import (
    is_policy,
    shown_policy,
    simple_policy,
    stored_policy,
)
from mockserver.model import Document, Json

THRESHOLD = {"unit": "minutes", "count": 30}
ALWAYS = {"type": "always", "blockUnconfirmedBookingsInBooker": True}
TIME = {**ALWAYS, "type": "time", "noticeThreshold": THRESHOLD}


@pytest.mark.parametrize("value", [ALWAYS, TIME, {"type": "always"}, {"disabled": True}])
def test_a_policy_is_always_or_from_a_time_or_disabled(value: Document) -> None:
    assert is_policy(value)


@pytest.mark.parametrize(
    "value",
    [
        "always",
        {},
        {"type": "never"},
        {"type": "never", "noticeThreshold": THRESHOLD},
        {"type": "time"},
        {"type": "time", "noticeThreshold": {"unit": "minutes"}},
        {"type": "time", "noticeThreshold": {"unit": 5, "count": 30}},
        {"type": "time", "noticeThreshold": {"unit": "minutes", "count": "30"}},
        {"disabled": False},
    ],
)
def test_anything_else_is_no_policy(value: Json) -> None:
    assert not is_policy(value)


def test_a_policy_is_kept_as_sent() -> None:
    assert stored_policy(ALWAYS, None) == ALWAYS
    assert stored_policy(TIME, None) == TIME


def test_a_threshold_stays_only_with_its_type() -> None:
    assert stored_policy({**ALWAYS, "noticeThreshold": THRESHOLD}, TIME) == ALWAYS


def test_a_block_flag_that_is_not_sent_stays_as_it_was() -> None:
    assert stored_policy({"type": "always"}, TIME) == ALWAYS
    fresh = stored_policy({"type": "always"}, None)
    assert fresh == {**ALWAYS, "blockUnconfirmedBookingsInBooker": False}


def test_a_disabled_policy_is_none_and_shown_as_disabled() -> None:
    assert stored_policy({**ALWAYS, "disabled": True}, ALWAYS) is None
    assert shown_policy(None) == {"disabled": True}
    assert shown_policy(ALWAYS) == ALWAYS


def test_the_guides_flag_means_always_or_never() -> None:
    unblocked = {"type": "always", "blockUnconfirmedBookingsInBooker": False}
    assert simple_policy(True, None) == unblocked
    assert simple_policy(True, TIME) == unblocked
    assert simple_policy(True, ALWAYS) == ALWAYS
    assert simple_policy(False, ALWAYS) is None
