from collections.abc import Callable

import pytest

from mockserver.behaviours.registry import Call
from mockserver.domains.calcom.settings import read_settings
from mockserver.errors import ApiError
from mockserver.model import MISSING, Document, Json

MakeCall = Callable[..., Call]
Entries = Callable[..., list[Document]]

TEAM = {"teamId": "2"}


def test_unknown_properties_are_dropped(make_call: MakeCall, minimal: Document) -> None:
    body = {**minimal, "hidden": True, "color": {}, "length": 30}
    assert read_settings(make_call(body)) == {**minimal, "hidden": True, "color": {}}


def test_what_the_document_declares_is_kept(make_call: MakeCall, minimal: Document) -> None:
    body = {**minimal, "maxRoundRobinHosts": 2}
    assert read_settings(make_call(body, declared=("maxRoundRobinHosts",))) == body
    assert read_settings(make_call(body)) == minimal


def test_the_guides_confirmation_flag_is_kept(make_call: MakeCall, minimal: Document) -> None:
    body = {**minimal, "requiresConfirmation": True}
    assert read_settings(make_call(body)) == body


def test_the_real_server_drops_it(make_call: MakeCall, minimal: Document) -> None:
    body = {**minimal, "requiresConfirmation": True}
    quirks = ("event-type-ignores-requires-confirmation",)
    assert read_settings(make_call(body, quirks, declared=("requiresConfirmation",))) == minimal


def test_a_team_does_not_know_it(make_call: MakeCall, minimal: Document) -> None:
    body = {**minimal, "schedulingType": "collective", "requiresConfirmation": True}
    read = read_settings(make_call(body, path=TEAM))
    assert read == {**minimal, "schedulingType": "collective"}


def test_nulls_are_left_to_the_schema(make_call: MakeCall, minimal: Document) -> None:
    nulls = dict.fromkeys(("description", "locations", "bookingFields", "bookingWindow"))
    assert read_settings(make_call({**minimal, **nulls})) == {**minimal, **nulls}


def test_the_real_server_takes_null_for_absent(make_call: MakeCall, minimal: Document) -> None:
    body = {**minimal, "description": None, "locations": None}
    assert read_settings(make_call(body, ("null-means-absent",))) == minimal


@pytest.mark.parametrize("body", [MISSING, [], "x"])
def test_what_is_no_object_is_left_to_the_schema(make_call: MakeCall, body: Json) -> None:
    assert read_settings(make_call(body, method="PATCH")) == body


@pytest.mark.parametrize("body", [MISSING, []])
def test_the_real_server_takes_it_for_an_empty_object(make_call: MakeCall, body: Json) -> None:
    call = make_call(body, ("non-json-body-is-empty",), method="PATCH")
    assert read_settings(call) == {}


def test_an_update_requires_nothing(make_call: MakeCall) -> None:
    assert read_settings(make_call({}, method="PATCH")) == {}
    assert read_settings(make_call({}, method="PATCH", path=TEAM)) == {}


def test_a_create_requires_three_properties(make_call: MakeCall, entries_of: Entries) -> None:
    assert entries_of(read_settings, make_call({"hidden": True})) == [
        {
            "target": {"hidden": True},
            "property": "lengthInMinutes",
            "children": [],
            "constraints": {
                "min": "lengthInMinutes must not be less than 1",
                "isInt": "lengthInMinutes must be an integer number",
            },
        },
        {
            "target": {"hidden": True},
            "property": "title",
            "children": [],
            "constraints": {"isString": "title must be a string"},
        },
        {
            "target": {"hidden": True},
            "property": "slug",
            "children": [],
            "constraints": {"isString": "slug must be a string"},
        },
    ]


def test_a_team_also_requires_a_kind(
    make_call: MakeCall, entries_of: Entries, minimal: Document
) -> None:
    body = {**minimal, "hosts": [{"userId": 4}]}
    assert entries_of(read_settings, make_call(body, path=TEAM)) == [
        {
            "target": body,
            "property": "schedulingType",
            "children": [],
            "constraints": {
                "isEnum": "schedulingType must be one of the following values: ROUND_ROBIN, "
                "COLLECTIVE, MANAGED"
            },
        }
    ]


@pytest.mark.parametrize("kind", ["collective", "roundRobin", "managed", "MANAGED"])
def test_a_team_event_type_can_be_of_any_kind(
    make_call: MakeCall, minimal: Document, kind: str
) -> None:
    body = {**minimal, "schedulingType": kind}
    assert read_settings(make_call(body, path=TEAM)) == body


def test_an_update_cannot_make_it_managed(make_call: MakeCall, entries_of: Entries) -> None:
    call = make_call({"schedulingType": "managed"}, method="PATCH", path=TEAM)
    assert [entry["property"] for entry in entries_of(read_settings, call)] == ["schedulingType"]
    body = {"schedulingType": "roundRobin"}
    assert read_settings(make_call(body, method="PATCH", path=TEAM)) == body


INT, MIN = "must be an integer number", "must not be less than"


@pytest.mark.parametrize(
    ("name", "value", "constraints"),
    [
        ("lengthInMinutes", 0, {"min": f"lengthInMinutes {MIN} 1"}),
        ("lengthInMinutes", 1.5, {"isInt": f"lengthInMinutes {INT}"}),
        (
            "lengthInMinutes",
            "30",
            {"min": f"lengthInMinutes {MIN} 1", "isInt": f"lengthInMinutes {INT}"},
        ),
        ("slotInterval", "15", {"isInt": f"slotInterval {INT}"}),
        ("minimumBookingNotice", -1, {"min": f"minimumBookingNotice {MIN} 0"}),
        ("beforeEventBuffer", 1.5, {"isInt": f"beforeEventBuffer {INT}"}),
        ("offsetStart", -1, {"min": f"offsetStart {MIN} 0"}),
        ("scheduleId", True, {"isInt": f"scheduleId {INT}"}),
        ("description", 5, {"isString": "description must be a string"}),
        ("customName", 5, {"isString": "customName must be a string"}),
        ("hidden", "true", {"isBoolean": "hidden must be a boolean value"}),
        ("requiresConfirmation", 1, {"isBoolean": "requiresConfirmation must be a boolean value"}),
        ("successRedirectUrl", "x", {"isUrl": "successRedirectUrl must be a URL address"}),
        (
            "lengthInMinutesOptions",
            [],
            {"arrayNotEmpty": "lengthInMinutesOptions should not be empty"},
        ),
        (
            "lengthInMinutesOptions",
            [15, 15],
            {"arrayUnique": "All lengthInMinutesOptions's elements must be unique"},
        ),
        (
            "lengthInMinutesOptions",
            ["15", 0],
            {
                "min": "each value in lengthInMinutesOptions must not be less than 1",
                "isInt": "each value in lengthInMinutesOptions must be an integer number",
            },
        ),
        (
            "lengthInMinutesOptions",
            15,
            {
                "arrayUnique": "All lengthInMinutesOptions's elements must be unique",
                "arrayNotEmpty": "lengthInMinutesOptions should not be empty",
                "isArray": "lengthInMinutesOptions must be an array",
            },
        ),
        (
            "bookingLimitsCount",
            {"day": 2, "week": 1},
            {
                "ValidateBookingLimitsCount": "Invalid bookingLimitsCount: The number of bookings "
                "for day cannot exceed the number of bookings for week."
            },
        ),
        (
            "bookingLimitsDuration",
            "x",
            {"ValidateBookingLimistsDuration": "Invalid bookingLimitsDuration"},
        ),
        (
            "bookingWindow",
            {"type": "range", "value": ["2030-01-01"]},
            {"ValidateBookingWindow": "Invalid bookingWindow structure."},
        ),
        (
            "confirmationPolicy",
            {"type": "time"},
            {
                "ConfirmationPolicyValidator": "Invalid requiresConfirmation structure. Use "
                '"type": "always" or provide a valid time and unit in "noticeThreshold" for '
                '"type": "time".'
            },
        ),
        (
            "seats",
            5,
            {"nestedValidation": "nested property seats must be either object or array"},
        ),
    ],
)
def test_a_broken_property_is_told(
    make_call: MakeCall, entries_of: Entries, name: str, value: Json, constraints: Document
) -> None:
    body = {name: value}
    assert entries_of(read_settings, make_call(body, method="PATCH")) == [
        {
            "target": body,
            "value": value,
            "property": name,
            "children": [],
            "constraints": constraints,
        }
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("slotInterval", -5),
        ("afterEventBuffer", -5),
        ("lengthInMinutes", 30.0),
        ("title", ""),
        ("lengthInMinutesOptions", [15, 30]),
        ("recurrence", {"occurrences": "many"}),
        ("seats", {}),
        (
            "seats",
            {"seatsPerTimeSlot": 1000, "showAttendeeInfo": True, "showAvailabilityCount": True},
        ),
        ("bookerActiveBookingsLimit", {"disabled": True}),
        ("disableRescheduling", {}),
        ("color", {"lightThemeHex": 5}),
    ],
)
def test_what_the_server_does_not_mind_passes(make_call: MakeCall, name: str, value: Json) -> None:
    assert read_settings(make_call({name: value}, method="PATCH")) == {name: value}


@pytest.mark.parametrize(
    ("name", "value", "inner", "keys"),
    [
        ("recurrence", {"interval": 1, "frequency": "weekly"}, "occurrences", ["isInt"]),
        ("recurrence", {"interval": 1, "occurrences": 1}, "frequency", ["isEnum"]),
        (
            "recurrence",
            {"interval": "1", "occurrences": 1, "frequency": "weekly"},
            "interval",
            ["isInt"],
        ),
        (
            "recurrence",
            {"interval": None, "occurrences": 1, "frequency": "weekly"},
            "interval",
            ["isInt"],
        ),
        ("recurrence", {"disabled": "yes"}, "disabled", ["isBoolean"]),
        (
            "seats",
            {"seatsPerTimeSlot": None, "showAttendeeInfo": True, "showAvailabilityCount": True},
            "seatsPerTimeSlot",
            ["max", "min", "isInt"],
        ),
        (
            "bookerLayouts",
            {"defaultLayout": "year", "enabledLayouts": ["week"]},
            "defaultLayout",
            ["isEnum", "IsValidLayout", "isDefaultLayoutWithinEnabledLayouts"],
        ),
        (
            "seats",
            {"seatsPerTimeSlot": 1001, "showAttendeeInfo": True, "showAvailabilityCount": True},
            "seatsPerTimeSlot",
            ["max"],
        ),
        (
            "seats",
            {"seatsPerTimeSlot": 0, "showAttendeeInfo": True, "showAvailabilityCount": True},
            "seatsPerTimeSlot",
            ["min"],
        ),
        ("seats", {"seatsPerTimeSlot": 1, "showAttendeeInfo": True}, "showAvailabilityCount", None),
        ("seats", {"seatsPerTimeSlot": 1, "showAvailabilityCount": True}, "showAttendeeInfo", None),
        (
            "bookerActiveBookingsLimit",
            {"maximumActiveBookings": 0},
            "maximumActiveBookings",
            ["min"],
        ),
        ("bookerActiveBookingsLimit", {"offerReschedule": 1}, "offerReschedule", ["isBoolean"]),
        ("disableRescheduling", {"minutesBefore": 0}, "minutesBefore", ["min"]),
        ("disableCancelling", {"disabled": "yes"}, "disabled", ["isBoolean"]),
        ("calVideoSettings", {"redirectUrlOnExit": "x"}, "redirectUrlOnExit", ["isUrl"]),
        ("calVideoSettings", {"sendTranscriptionEmails": 1}, "sendTranscriptionEmails", None),
        (
            "bookerLayouts",
            {"defaultLayout": "week", "enabledLayouts": ["month"]},
            "defaultLayout",
            ["isDefaultLayoutWithinEnabledLayouts"],
        ),
        (
            "bookerLayouts",
            {"defaultLayout": "week", "enabledLayouts": ["week", "year"]},
            "enabledLayouts",
            ["isEnum"],
        ),
    ],
)
def test_a_broken_inner_property_is_told_as_a_child(
    make_call: MakeCall,
    entries_of: Entries,
    name: str,
    value: Document,
    inner: str,
    keys: list[str] | None,
) -> None:
    [entry] = entries_of(read_settings, make_call({name: value}, method="PATCH"))
    assert (entry["property"], entry["value"]) == (name, value)
    assert "constraints" not in entry
    [child] = entry["children"]
    assert (child["property"], child["target"]) == (inner, value)
    assert list(child["constraints"]) == (keys or ["isBoolean"])


def test_enabled_layouts_are_an_array(make_call: MakeCall, entries_of: Entries) -> None:
    layouts = {"defaultLayout": "week", "enabledLayouts": "week"}
    [entry] = entries_of(read_settings, make_call({"bookerLayouts": layouts}, method="PATCH"))
    assert [child["property"] for child in entry["children"]] == ["defaultLayout", "enabledLayouts"]


@pytest.mark.parametrize(
    ("host", "constraints"),
    [
        ({"userId": "4"}, {"isInt": "userId must be an integer number"}),
        ({"userId": 4, "mandatory": 1}, {"isBoolean": "mandatory must be a boolean value"}),
        (
            {"userId": 4, "priority": "top"},
            {
                "isEnum": "priority must be one of the following values: lowest, low, medium, "
                "high, highest"
            },
        ),
    ],
)
def test_a_broken_host_is_told_by_its_place(
    make_call: MakeCall, entries_of: Entries, host: Document, constraints: Document
) -> None:
    call = make_call({"hosts": [{"userId": 1}, host]}, method="PATCH", path=TEAM)
    [entry] = entries_of(read_settings, call)
    [place] = entry["children"]
    assert (entry["property"], place["property"], place["value"]) == ("hosts", "1", host)
    assert place["children"][0]["constraints"] == constraints


def test_a_host_that_is_no_object_is_told(make_call: MakeCall, entries_of: Entries) -> None:
    [entry] = entries_of(read_settings, make_call({"hosts": [5]}, method="PATCH", path=TEAM))
    assert entry["children"][0]["constraints"] == {
        "nestedValidation": "each value in nested property hosts must be either object or array"
    }


def test_locations_are_refused_before_everything_else(
    make_call: MakeCall, message_of: Callable[..., str]
) -> None:
    body = {"locations": [], "bookingFields": [], "lengthInMinutes": 0}
    assert message_of(read_settings, make_call(body)) == (
        "'locations' must contain at least 1 location."
    )
    del body["locations"]
    assert message_of(read_settings, make_call(body)) == (
        "'bookingFields' must contain at least 1 booking field."
    )


def test_limits_that_cannot_go_together_are_refused_before_broken_properties(
    make_call: MakeCall, message_of: Callable[..., str]
) -> None:
    body = {
        "lengthInMinutes": 0,
        "bookerActiveBookingsLimit": {"disabled": False},
        "recurrence": {"interval": 1},
    }
    assert message_of(read_settings, make_call(body)).startswith("When disabled is false")
    body["bookerActiveBookingsLimit"] = {"maximumActiveBookings": 1}
    assert message_of(read_settings, make_call(body)).startswith("Can't have `recurrence`")


def test_a_team_may_name_the_organizers_default_app(
    make_call: MakeCall, message_of: Callable[..., str]
) -> None:
    body = {"locations": [{"type": "organizersDefaultApp"}]}
    assert read_settings(make_call(body, method="PATCH", path=TEAM)) == body
    assert message_of(read_settings, make_call(body)).startswith("Unsupported location type")


def test_the_real_server_fails_on_a_range_without_end(make_call: MakeCall) -> None:
    body = {"bookingWindow": {"type": "range", "value": ["2030-01-01"]}}
    with pytest.raises(ApiError) as failed:
        read_settings(make_call(body, ("event-type-settings-unchecked",), method="PATCH"))
    assert (failed.value.status, failed.value.code) == (500, "")
