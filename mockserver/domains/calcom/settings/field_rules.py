"""What may be sent as a booking field.

Source: reference event-types sections 4.1 and 4.2 (S `booking-fields.input.ts`, R).
"""

from mockserver.domains.calcom.conventions.errors import bad_request
from mockserver.domains.calcom.settings.constraints import FLAG, LIST, TEXT, Property, texts
from mockserver.domains.calcom.settings.spoken import spoken
from mockserver.errors import ApiError
from mockserver.model import Document, Json
from mockserver.openapi.quirks import Quirks

SLUGS_WITHOUT_TYPE = ("title", "notes", "guests", "rescheduleReason", "location")
TYPES_WITHOUT_SLUG = ("name", "splitName", "email")


def _texts(*names: str, required: bool = False) -> tuple[Property, ...]:
    return tuple(Property(name, (TEXT,), required) for name in names)


def _flags(*names: str, required: bool = False) -> tuple[Property, ...]:
    return tuple(Property(name, (FLAG,), required) for name in names)


_OPTIONS = (Property("options", (LIST,), required=True),)
_NAMED = (*_texts("slug", "label", required=True), *_flags("required", required=True))
_WRITTEN = (*_NAMED, *_texts("placeholder"), *_flags("disableOnPrefill", "hidden"))
_CHOSEN = (*_NAMED, *_OPTIONS, *_flags("disableOnPrefill", "hidden"))
_DEFAULT = (*_flags("required", "hidden"), *_texts("label", "placeholder"))
_SPLIT = ("firstNameLabel", "firstNamePlaceholder", "lastNameLabel", "lastNamePlaceholder")

KINDS: dict[str, tuple[Property, ...]] = {
    "name": (*_texts("label", "placeholder"), *_flags("disableOnPrefill")),
    "splitName": (*_texts(*_SPLIT), *_flags("lastNameRequired", "disableOnPrefill")),
    "email": (
        *_texts("label"),
        *_flags("required", "hidden"),
        *_texts("placeholder"),
        *_flags("disableOnPrefill"),
    ),
    "title": (*_DEFAULT, *_flags("disableOnPrefill")),
    "location": _texts("label"),
    "notes": (*_DEFAULT, *_flags("disableOnPrefill")),
    "guests": (*_DEFAULT, *_flags("disableOnPrefill")),
    "rescheduleReason": (*_DEFAULT, *_flags("disableOnPrefill")),
    "phone": _WRITTEN,
    "address": _WRITTEN,
    "text": _WRITTEN,
    "number": _WRITTEN,
    "textarea": _WRITTEN,
    "multiemail": _WRITTEN,
    "url": _WRITTEN,
    "select": (
        *_NAMED,
        *_texts("placeholder"),
        *_OPTIONS,
        *_flags("disableOnPrefill", "hidden"),
    ),
    "multiselect": _CHOSEN,
    "checkbox": _CHOSEN,
    "radio": _CHOSEN,
    "boolean": (*_NAMED, *_flags("disableOnPrefill", "hidden")),
}
"""By kind: the properties that go with it, in the order of the API's messages."""


def kind_of(field: Document) -> Json:
    """What decides the kind of *field*: its slug if that is a default field's, else its type.

    Source: reference event-types section 4.1.
    """
    slug = field.get("slug")
    return slug if slug in SLUGS_WITHOUT_TYPE else field.get("type")


def check_booking_fields(fields: Json, quirks: Quirks) -> None:
    """Raise ApiError 400 with the API's own message for the first wrong field.

    A null among them is left to the schema; with the quirk
    `event-type-null-booking-field-is-500` the server fails on it.

    Source: reference event-types section 4.2 (R).
    """
    if not isinstance(fields, list):
        raise bad_request("'bookingFields' must be an array.")
    if not fields:
        raise bad_request("'bookingFields' must contain at least 1 booking field.")
    slugs: list[Json] = []
    for field in fields:
        if field is not None:
            _check_field(field if isinstance(field, dict) else {}, slugs)
        elif quirks.has("event-type-null-booking-field-is-500"):
            raise ApiError(500, "Internal server error")


def _check_field(field: Document, slugs: list[Json]) -> None:
    """Check *field* against those before it, whose *slugs* it joins."""
    slug, kind = field.get("slug"), field.get("type")
    needs_type = slug not in SLUGS_WITHOUT_TYPE
    if needs_type and not kind:
        raise bad_request(
            "All booking fields except ones with slug equal to title, notes, guests, "
            "rescheduleReason and location must have a 'type' property."
        )
    needs_slug = kind not in TYPES_WITHOUT_SLUG
    if needs_slug and not slug:
        raise bad_request(
            "Each booking field except ones with type equal to name, splitName, email must have "
            "a 'slug' property."
        )
    if slug in slugs:
        raise bad_request(
            f"Duplicate bookingFields slug '{spoken(slug)}' found. "
            "All bookingFields slugs must be unique."
        )
    if needs_slug:
        slugs.append(slug)
    _check_properties(field, kind if needs_type else slug)


def _check_properties(field: Document, kind: Json) -> None:
    if not isinstance(kind, str) or kind not in KINDS:
        raise bad_request(f"Unsupported booking field type '{spoken(kind)}'.")
    if broken := texts(field, KINDS[kind]):
        name = spoken(field.get("type") or field.get("slug"))
        raise bad_request(f"Validation failed for {name} booking field: {broken}")
