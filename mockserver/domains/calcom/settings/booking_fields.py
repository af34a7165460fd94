"""The questions of the booking form: what is kept of those sent.

An event type keeps the whole list, default fields included, in the form in which answers show
it; a null list (made elsewhere) stands for the defaults.

Source: reference event-types sections 4.3 and 4.4 (S).
"""

from collections.abc import Sequence

from mockserver.domains.calcom.settings.field_defaults import (
    AFTER,
    ATTENDEE_PHONE,
    BEFORE,
    CUSTOM,
    DEFAULTS,
    WITH_OPTIONS,
    WITH_PLACEHOLDER,
    default_fields,
)
from mockserver.domains.calcom.settings.field_rules import kind_of
from mockserver.model import Document
from mockserver.openapi.quirks import Quirks


def stored_fields(sent: Sequence[Document], quirks: Quirks) -> list[Document]:
    """The whole list for the fields *sent*: name, email, location, custom ones, the others.

    Of several of one default kind the first counts.

    Source: reference event-types section 4.4 (S).
    """
    given: dict[str, Document] = {}
    custom: list[Document] = []
    for field in sent:
        kind = kind_of(field)
        place = "name" if kind == "splitName" else kind
        if place in BEFORE or place in AFTER:
            given.setdefault(place, _default_field(kind, field, quirks))
        else:
            custom.append(_custom_field(field))
    before, after = (
        [given.get(slug) or dict(DEFAULTS[slug]) for slug in slugs] for slugs in (BEFORE, AFTER)
    )
    return [*before, *custom, *after]


def _default_field(kind: str, field: Document, quirks: Quirks) -> Document:
    if kind == "splitName":
        return _split_name(field)
    stored = {key: value for key, value in DEFAULTS[kind].items() if key != "label"}
    if kind == "email":
        stored["required"] = _requires_email(field, quirks)
    elif kind not in {"name", "location"}:
        stored["required"] = bool(field.get("required"))
    if "disableOnPrefill" in stored:
        stored["disableOnPrefill"] = bool(field.get("disableOnPrefill"))
    if kind not in {"name", "location"}:
        stored["hidden"] = bool(field.get("hidden"))
    names = ("label",) if kind == "location" else ("label", "placeholder")
    return stored | _set(field, *names)


def _requires_email(field: Document, quirks: Quirks) -> bool:
    """An e-mail field is required unless it says otherwise.

    With the quirk `event-type-email-field-needs-required` it is required only if it says so.

    Source: spec EmailDefaultFieldInput_2024_06_14 (optional); reference event-types section 4.3.
    """
    unsaid = not quirks.has("event-type-email-field-needs-required")
    required = field.get("required")
    return unsaid if required is None else bool(required)


def _split_name(field: Document) -> Document:
    names = ("firstNameLabel", "firstNamePlaceholder", "lastNameLabel", "lastNamePlaceholder")
    return {
        "isDefault": True,
        "type": "splitName",
        "slug": "splitName",
        **{name: field.get(name) or "" for name in names},
        "lastNameRequired": bool(field.get("lastNameRequired")),
        "disableOnPrefill": bool(field.get("disableOnPrefill")),
    }


def _custom_field(field: Document) -> Document:
    kind = field.get("type")
    if kind not in CUSTOM:
        return field
    stored: Document = {
        "isDefault": kind == "phone" and field.get("slug") == ATTENDEE_PHONE,
        "type": kind,
        "slug": field.get("slug"),
        "label": field.get("label") or "",
        "required": bool(field.get("required")),
    }
    if kind in WITH_PLACEHOLDER:
        stored |= _set(field, "placeholder")
    if kind in WITH_OPTIONS:
        stored["options"] = list(field.get("options") or [])
    stored["disableOnPrefill"] = bool(field.get("disableOnPrefill"))
    stored["hidden"] = bool(field.get("hidden"))
    return stored


def _set(field: Document, *names: str) -> Document:
    return {name: field[name] for name in names if field.get(name) is not None}


def with_guests_hidden(
    sent: Sequence[Document] | None,
    stored: Sequence[Document] | None,
    hidden: bool,
    quirks: Quirks,
) -> list[Document]:
    """The whole list once `disableGuests` says whether the guests field is *hidden*.

    Fields *sent* beside it are taken first. Without them the *stored* list keeps all else; with
    the quirk `event-type-disable-guests-resets-fields` it starts from the defaults again, and
    custom fields are lost.

    Source: spec disableGuests; reference event-types section 4.4 (S, I).
    """
    if sent is not None:
        fields = stored_fields(sent, quirks)
    elif stored is None or quirks.has("event-type-disable-guests-resets-fields"):
        fields = default_fields()
    else:
        fields = [dict(field) for field in stored]
    return [field | {"hidden": hidden} if is_guests(field) else field for field in fields]


def is_guests(field: Document) -> bool:
    return field.get("slug") == "guests" and bool(field.get("isDefault"))


def hides_guests(fields: Sequence[Document]) -> bool:
    return any(is_guests(field) and field.get("hidden") for field in fields)
