from datetime import UTC, datetime

import pytest

from mockserver.domains.calcom.settings.video import (
    DEFAULT,
    shown_video,
    stored_video,
    without_row,
)
from mockserver.model import Document
from mockserver.openapi.quirks import Quirks

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROW = Quirks(["event-type-cal-video-row"])
OLD = Quirks(["event-type-answers-as-of-2025"])
OLD_ROW = Quirks(["event-type-answers-as-of-2025", "event-type-cal-video-row"])

EXIT = "redirectUrlOnExit"


def test_flags_are_kept_beside_the_mail_flag() -> None:
    sent = {"disableRecordingForGuests": True, "other": 1, EXIT: None}
    assert stored_video(sent, DEFAULT, None) == {
        "sendTranscriptionEmails": True,
        "disableRecordingForGuests": True,
    }


def test_any_flag_replaces_all_the_others_but_the_mail_flag() -> None:
    before = {"sendTranscriptionEmails": False, "disableRecordingForGuests": True}
    assert stored_video({EXIT: "https://x.example"}, before, None) == {
        "sendTranscriptionEmails": False,
        EXIT: "https://x.example",
    }


def test_the_mail_flag_alone_leaves_the_others() -> None:
    before = {"sendTranscriptionEmails": True, "disableRecordingForGuests": True}
    stored = stored_video({"sendTranscriptionEmails": False}, before, NOW)
    assert stored == {**before, "sendTranscriptionEmails": False}


def test_the_row_is_dated() -> None:
    once = stored_video({"disableRecordingForGuests": True}, DEFAULT, NOW)
    again = stored_video({"disableRecordingForGuests": False}, once, LATER)
    assert again["createdAt"] == "2026-11-21T12:00:00.000Z"
    assert again["updatedAt"] == "2026-11-22T12:00:00.000Z"


def test_without_cal_video_only_the_mail_flag_stays() -> None:
    stored = {"sendTranscriptionEmails": False, "disableRecordingForGuests": True}
    assert without_row(stored) == {"sendTranscriptionEmails": False}


FLAGGED = {
    "sendTranscriptionEmails": True,
    "disableRecordingForGuests": True,
    "createdAt": "2026-11-21T12:00:00.000Z",
    "updatedAt": "2026-11-21T12:00:00.000Z",
}
WHOLE_ROW = {
    "eventTypeId": 7,
    "disableRecordingForOrganizer": False,
    "disableRecordingForGuests": True,
    "enableAutomaticRecordingForOrganizer": False,
    "enableAutomaticTranscription": False,
    "disableTranscriptionForGuests": False,
    "disableTranscriptionForOrganizer": False,
    EXIT: None,
    "requireEmailForGuests": False,
    "createdAt": "2026-11-21T12:00:00.000Z",
    "updatedAt": "2026-11-21T12:00:00.000Z",
}
MAILS = {"sendTranscriptionEmails": True}


@pytest.mark.parametrize(
    ("stored", "quirks", "shown"),
    [
        (DEFAULT, Quirks(), MAILS),
        (FLAGGED, Quirks(), {**MAILS, "disableRecordingForGuests": True}),
        (DEFAULT, ROW, MAILS),
        (FLAGGED, ROW, {**WHOLE_ROW, **MAILS}),
        (DEFAULT, OLD, None),
        (FLAGGED, OLD, {"disableRecordingForGuests": True}),
        (DEFAULT, OLD_ROW, None),
        (FLAGGED, OLD_ROW, WHOLE_ROW),
    ],
)
def test_what_one_answer_shows(stored: Document, quirks: Quirks, shown: Document | None) -> None:
    event_type = {"id": 7, "calVideoSettings": stored}
    assert shown_video(event_type, quirks, in_list=False) == shown


@pytest.mark.parametrize(
    ("quirks", "shown"),
    [
        (Quirks(), {**MAILS, "disableRecordingForGuests": True}),
        (ROW, MAILS),
        (OLD_ROW, None),
    ],
)
def test_what_the_users_list_shows(quirks: Quirks, shown: Document | None) -> None:
    event_type = {"id": 7, "calVideoSettings": FLAGGED}
    assert shown_video(event_type, quirks, in_list=True) == shown
