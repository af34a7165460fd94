"""What a whole list of booking fields must have.

Source: reference event-types section 4.2 (R, T).
"""

from collections.abc import Sequence

from mockserver.domains.calcom.conventions.errors import bad_request
from mockserver.domains.calcom.settings.field_defaults import ATTENDEE_PHONE
from mockserver.model import Document, Json


def check_reachable(fields: Sequence[Document]) -> None:
    """Raise ApiError 400 unless who books must leave an e-mail address or a phone number.

    Source: reference event-types section 4.2 (R).
    """
    if not any(_is_asked(field, "email", ATTENDEE_PHONE) for field in fields):
        raise bad_request(
            "Booking fields validation failed: visible and required email or visible and required "
            "attendee phone field is needed."
        )


def check_email(fields: Sequence[Document]) -> None:
    """Raise ApiError 400 unless the e-mail field is visible and required.

    Source: reference event-types section 4.2 (T): of users and of teams without organization.
    """
    if not any(_is_asked(field, "email") for field in fields):
        raise bad_request(
            "checkIsEmailUserAccessible - Email booking field must be required and visible"
        )


def _is_asked(field: Document, *slugs: str) -> bool:
    return (
        bool(field.get("isDefault"))
        and field.get("slug") in slugs
        and bool(field.get("required"))
        and not field.get("hidden")
    )


def repeated_name(fields: Sequence[Document]) -> str | None:
    """The first name that two of *fields* share inside the server: a custom `email`, say."""
    names: set[Json] = set()
    for field in fields:
        slug = "name" if field.get("type") == "splitName" else field.get("slug")
        if slug in names:
            return str(slug)
        names.add(slug)
    return None
