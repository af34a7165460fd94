"""What is read is what the bundled document allows, and what is shown is what it promises."""

from pathlib import Path

import pytest

from mockserver.domains.calcom.settings import new_settings, shown_settings
from mockserver.model import Document, Json
from mockserver.openapi.document import effective_document
from mockserver.openapi.quirks import Quirks
from mockserver.openapi.schema import SchemaCompiler

SPEC = Path(__file__).parents[5] / "spec"
FRAME = {
    "id": 7,
    "ownerId": 1,
    "users": [],
    "bookingUrl": "https://cal.com/alice/coffee",
}
NAMED = {"slug": "s", "label": "L", "required": True}
SETTINGS: list[tuple[str, Json]] = [
    ("title", ""),
    ("slug", "x"),
    ("lengthInMinutesOptions", [15, 30]),
    ("slotInterval", -5),
    ("beforeEventBuffer", -5),
    *(
        ("locations", [location])
        for location in (
            {"type": "address", "address": "1 Main St", "public": True},
            {"type": "link", "link": "https://zoom.us/j/123456789"},
            {"type": "integration", "integration": "google-meet"},
            {"type": "phone", "phone": "+37120993151", "public": True},
            {"type": "attendeeAddress"},
            {"type": "attendeePhone"},
            {"type": "attendeeDefined"},
        )
    ),
    *(
        ("bookingFields", [field])
        for field in (
            {"type": "name", "label": "L"},
            {"type": "splitName", "lastNameRequired": True},
            {"type": "email", "label": "Mail"},
            *({"slug": slug} for slug in ("title", "notes", "guests", "rescheduleReason")),
            {"slug": "location", "label": "L"},
            {"type": "phone", **NAMED, "slug": "attendeePhoneNumber"},
            *(
                {"type": kind, **NAMED}
                for kind in ("phone", "address", "text", "number", "textarea", "multiemail", "url")
            ),
            *(
                {"type": kind, **NAMED, "options": ["a"]}
                for kind in ("select", "multiselect", "checkbox", "radio")
            ),
            {"type": "boolean", **NAMED},
        )
    ),
    ("disableGuests", True),
    ("bookingLimitsCount", {"day": 1, "week": 2}),
    ("bookingLimitsCount", {"disabled": True}),
    ("bookingLimitsDuration", {"day": 60}),
    ("bookingLimitsDuration", {"disabled": True}),
    ("bookerActiveBookingsLimit", {"maximumActiveBookings": 3}),
    ("bookerActiveBookingsLimit", {"offerReschedule": True}),
    ("bookerActiveBookingsLimit", {"disabled": True}),
    ("bookingWindow", {"type": "businessDays", "value": 5}),
    ("bookingWindow", {"type": "calendarDays", "value": 1.5, "rolling": True}),
    ("bookingWindow", {"type": "range", "value": ["2030-09-05", "2030-09-09"]}),
    ("bookingWindow", {"disabled": True}),
    ("bookerLayouts", {"defaultLayout": "month", "enabledLayouts": ["month", "week"]}),
    ("confirmationPolicy", {"type": "always", "blockUnconfirmedBookingsInBooker": True}),
    (
        "confirmationPolicy",
        {
            "type": "time",
            "noticeThreshold": {"unit": "hours", "count": 2},
            "blockUnconfirmedBookingsInBooker": False,
        },
    ),
    ("confirmationPolicy", {"disabled": True}),
    ("requiresConfirmation", True),
    ("recurrence", {"interval": 1, "occurrences": 2, "frequency": "weekly"}),
    ("recurrence", {"disabled": True}),
    ("seats", {"seatsPerTimeSlot": 4, "showAttendeeInfo": True, "showAvailabilityCount": True}),
    ("seats", {"disabled": True}),
    ("color", {"lightThemeHex": "#292929", "darkThemeHex": "#fafafa"}),
    ("customName", "{HOST}"),
    ("destinationCalendar", {"integration": "google_calendar", "externalId": "a"}),
    ("successRedirectUrl", "https://x.example/thanks"),
    ("calVideoSettings", {"disableRecordingForGuests": True, "sendTranscriptionEmails": False}),
    ("calVideoSettings", {"redirectUrlOnExit": "https://x.example"}),
    ("disableCancelling", {"disabled": True}),
    ("disableRescheduling", {"disabled": False, "minutesBefore": 60}),
    ("interfaceLanguage", ""),
]


@pytest.fixture(scope="module")
def schemas() -> SchemaCompiler:
    overlays = sorted((SPEC / "overlays").glob("*.yaml"))
    return SchemaCompiler(effective_document(SPEC / "openapi.yaml", overlays))


@pytest.mark.parametrize(("name", "value"), SETTINGS)
def test_every_setting_is_allowed_and_shown_as_promised(
    schemas: SchemaCompiler, minimal: Document, name: str, value: Json
) -> None:
    body = {**minimal, name: value}
    sent = schemas.compile(
        {"$ref": "#/components/schemas/CreateEventTypeInput_2024_06_14"}, "request"
    )
    assert sent.violations(body, "body") == []
    settings = new_settings(body, of_team=False, quirks=Quirks())
    answer = {**FRAME, **shown_settings({"id": 7, **settings}, Quirks())}
    shown = schemas.compile({"$ref": "#/components/schemas/EventTypeOutput_2024_06_14"}, "response")
    assert shown.violations(answer, "response") == []


def test_a_list_never_written_is_shown_as_promised(
    schemas: SchemaCompiler, minimal: Document
) -> None:
    settings = new_settings(minimal, of_team=False, quirks=Quirks())
    settings["bookingFields"] = None
    settings["locations"] = [{"type": "moon"}]
    answer = {**FRAME, **shown_settings({"id": 7, **settings}, Quirks())}
    shown = schemas.compile({"$ref": "#/components/schemas/EventTypeOutput_2024_06_14"}, "response")
    assert shown.violations(answer, "response") == []
