from collections.abc import Callable

import pytest

from mockserver.domains.calcom.settings.field_rules import KINDS, check_booking_fields
from mockserver.errors import ApiError
from mockserver.model import Document, Json
from mockserver.openapi.quirks import Quirks

NAMED = {"slug": "s", "label": "L", "required": True}
WRITTEN = {**NAMED, "placeholder": "P", "disableOnPrefill": True, "hidden": False}
CHOSEN = {**NAMED, "options": ["a", "b"], "disableOnPrefill": True, "hidden": False}
DEFAULT = {"required": True, "hidden": True, "label": "L", "placeholder": "P"}

EVERY_KIND: list[Document] = [
    {"type": "name", "label": "L", "placeholder": "P", "disableOnPrefill": True},
    {"type": "splitName", "firstNameLabel": "F", "lastNameRequired": True},
    {"type": "email", "label": "L", "required": True, "hidden": False, "placeholder": "P"},
    *({"slug": slug, **DEFAULT} for slug in ("title", "notes", "guests", "rescheduleReason")),
    {"slug": "location", "label": "L"},
    *(
        {"type": kind, **WRITTEN}
        for kind in ("phone", "address", "text", "number", "textarea", "multiemail", "url")
    ),
    {"type": "select", **CHOSEN, "placeholder": "P"},
    *({"type": kind, **CHOSEN} for kind in ("multiselect", "checkbox", "radio")),
    {"type": "boolean", **NAMED, "disableOnPrefill": True, "hidden": False},
]


def test_every_kind_is_taken(no_quirks: Quirks) -> None:
    for field in EVERY_KIND:
        check_booking_fields([field], no_quirks)
    assert {field.get("type", field.get("slug")) for field in EVERY_KIND} == KINDS.keys()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {"name", "splitName"}])
def test_what_is_optional_may_be_left_out(kind: str, no_quirks: Quirks) -> None:
    least: Document = {"type": kind, **NAMED, "options": []}
    if kind in {"title", "notes", "guests", "rescheduleReason", "location"}:
        least = {"slug": kind}
    if kind == "email":
        least = {"type": kind}
    check_booking_fields([least], no_quirks)


TYPE_MISSING = (
    "All booking fields except ones with slug equal to title, notes, guests, rescheduleReason and "
    "location must have a 'type' property."
)
SLUG_MISSING = (
    "Each booking field except ones with type equal to name, splitName, email must have a 'slug' "
    "property."
)
TEXT = {"type": "text", **NAMED}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "'bookingFields' must be an array."),
        ([], "'bookingFields' must contain at least 1 booking field."),
        ([{}], TYPE_MISSING),
        (["x"], TYPE_MISSING),
        ([{"slug": "company"}], TYPE_MISSING),
        ([{"type": "text"}], SLUG_MISSING),
        (
            [TEXT, TEXT],
            "Duplicate bookingFields slug 's' found. All bookingFields slugs must be unique.",
        ),
        ([{"type": "moon", "slug": "m"}], "Unsupported booking field type 'moon'."),
        ([{"type": 5, "slug": "m"}], "Unsupported booking field type '5'."),
        ([{"type": {"a": 1}, "slug": "m"}], "Unsupported booking field type '[object Object]'."),
        (
            [{"type": "text", "slug": "m"}],
            "Validation failed for text booking field: label must be a string, required must be a "
            "boolean value",
        ),
        (
            [{"type": "select", **NAMED, "options": "a"}],
            "Validation failed for select booking field: options must be an array",
        ),
        (
            [{"slug": "notes", "required": "yes"}],
            "Validation failed for notes booking field: required must be a boolean value",
        ),
        (
            [{"type": "text", "slug": "title", "hidden": 1}],
            "Validation failed for text booking field: hidden must be a boolean value",
        ),
        (
            [{"type": "splitName", "firstNameLabel": 1, "lastNameRequired": 1}],
            "Validation failed for splitName booking field: firstNameLabel must be a string, "
            "lastNameRequired must be a boolean value",
        ),
    ],
)
def test_a_wrong_field_is_refused_in_the_apis_words(
    fields: Json, message: str, no_quirks: Quirks, message_of: Callable[..., str]
) -> None:
    assert message_of(check_booking_fields, fields, no_quirks) == message


def test_several_name_fields_are_no_duplicates(no_quirks: Quirks) -> None:
    check_booking_fields([{"type": "name"}, {"type": "splitName"}, {"type": "email"}], no_quirks)


def test_a_null_is_left_to_the_schema(no_quirks: Quirks) -> None:
    check_booking_fields([None, TEXT], no_quirks)


def test_the_real_server_fails_on_a_null() -> None:
    with pytest.raises(ApiError) as failed:
        check_booking_fields([None], Quirks(["event-type-null-booking-field-is-500"]))
    assert (failed.value.status, failed.value.message) == (500, "Internal server error")
