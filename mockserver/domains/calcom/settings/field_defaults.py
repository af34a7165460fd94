"""The fields that every booking form has.

Source: reference event-types section 4.5 (T, exact).
"""

from mockserver.model import Document

ATTENDEE_PHONE = "attendeePhoneNumber"
BEFORE = ("name", "email", "location")
AFTER = ("title", "notes", "guests", "rescheduleReason")
WITH_PLACEHOLDER = frozenset(
    {"phone", "address", "text", "number", "textarea", "multiemail", "select", "url"}
)
WITH_OPTIONS = frozenset({"select", "multiselect", "checkbox", "radio"})
CUSTOM = WITH_PLACEHOLDER | WITH_OPTIONS | {"boolean"}


def _default(kind: str, slug: str, *, required: bool = False, hidden: bool = False) -> Document:
    return {
        "isDefault": True,
        "type": kind,
        "slug": slug,
        "required": required,
        "disableOnPrefill": False,
        "hidden": hidden,
    }


DEFAULTS: dict[str, Document] = {
    "name": {
        "isDefault": True,
        "type": "name",
        "slug": "name",
        "required": True,
        "label": "your_name",
        "disableOnPrefill": False,
    },
    "email": _default("email", "email", required=True),
    "location": {
        "isDefault": True,
        "type": "radioInput",
        "slug": "location",
        "required": False,
        "hidden": False,
    },
    ATTENDEE_PHONE: _default("phone", ATTENDEE_PHONE, hidden=True),
    "title": _default("text", "title", required=True, hidden=True),
    "notes": _default("textarea", "notes"),
    "guests": _default("multiemail", "guests"),
    "rescheduleReason": _default("textarea", "rescheduleReason"),
}
"""By slug: the default fields as a fresh event type shows them. Source: section 4.5 (T, exact)."""


_OF_NEW = tuple(DEFAULTS[slug] for slug in (*BEFORE, *AFTER))


def default_fields() -> list[Document]:
    """The list of a new event type."""
    return [field.copy() for field in _OF_NEW]


def unstored_fields() -> list[Document]:
    """What is shown for an event type whose list was never written.

    Source: reference event-types section 4.5 (T).
    """
    name = {key: value for key, value in DEFAULTS["name"].items() if key != "label"}
    shown = ("email", ATTENDEE_PHONE, "location", *AFTER)
    return [name, *(dict(DEFAULTS[slug]) for slug in shown)]
