"""Booking fields as answers show them.

Source: reference event-types section 4.5 (T).
"""

from collections.abc import Sequence

from mockserver.domains.calcom.settings.field_defaults import (
    CUSTOM,
    DEFAULTS,
    unstored_fields,
)
from mockserver.domains.calcom.settings.spoken import json_text
from mockserver.model import Document


def shown_fields(stored: Sequence[Document] | None, *, without_hidden: bool) -> list[Document]:
    """*stored* as an answer shows it; unreadable fields as JSON text, after all others.

    Source: reference event-types section 4.5 (T).
    """
    fields = unstored_fields() if stored is None else stored
    known = [field for field in fields if _is_readable(field)]
    has_unknown = len(known) < len(fields)
    unknown = [field for field in fields if not _is_readable(field)] if has_unknown else ()
    if without_hidden:
        known = [field for field in known if field.get("hidden") is not True]
    return known + [
        {"type": "unknown", "slug": "unknown", "bookingField": json_text(field)}
        for field in unknown
    ]


def _is_readable(field: Document) -> bool:
    if field.get("isDefault"):
        slug = field.get("slug")
        return slug in DEFAULTS or slug == "splitName"
    return "isDefault" in field and field.get("type") in CUSTOM
