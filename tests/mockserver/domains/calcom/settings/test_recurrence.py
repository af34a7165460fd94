from mockserver.domains.calcom.settings.recurrence import shown_recurrence, stored_recurrence
from mockserver.openapi.quirks import Quirks

KEEPS = Quirks(["event-type-update-keeps-recurrence"])
SHOWS_DISABLED = Quirks(["event-type-shows-disabled-settings"])

WEEKLY = {"interval": 1, "occurrences": 10, "frequency": "weekly"}
OFF = {"disabled": True}


def test_a_recurrence_is_kept_without_other_keys(no_quirks: Quirks) -> None:
    sent = {**WEEKLY, "disabled": False, "other": 1}
    assert stored_recurrence(sent, None, no_quirks, is_new=True) == WEEKLY


def test_an_update_can_end_a_recurrence(no_quirks: Quirks) -> None:
    assert stored_recurrence(OFF, WEEKLY, no_quirks, is_new=False) is None


def test_on_the_real_server_an_update_cannot() -> None:
    assert stored_recurrence(OFF, WEEKLY, KEEPS, is_new=False) == WEEKLY
    assert stored_recurrence(OFF, None, KEEPS, is_new=True) is None


def test_an_object_that_says_nothing_changes_nothing(no_quirks: Quirks) -> None:
    assert stored_recurrence({"occurrences": 3}, WEEKLY, no_quirks, is_new=False) == WEEKLY


def test_a_recurrence_is_shown_as_it_is(no_quirks: Quirks) -> None:
    assert shown_recurrence(WEEKLY, no_quirks) == WEEKLY
    assert shown_recurrence(None, no_quirks) is None


def test_the_real_server_says_that_it_is_not_disabled() -> None:
    assert shown_recurrence(WEEKLY, SHOWS_DISABLED) == {"disabled": False, **WEEKLY}
    assert shown_recurrence(None, SHOWS_DISABLED) is None
