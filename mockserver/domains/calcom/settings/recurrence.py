"""Events that repeat.

Source: reference event-types section 5.6.
"""

from mockserver.domains.calcom.settings.constraints import FLAG, WHOLE, Property, one_of
from mockserver.model import Document
from mockserver.openapi.quirks import Quirks

FREQUENCIES = ("yearly", "monthly", "weekly")
NAMES = ("interval", "occurrences", "frequency")


def recurrence_properties(value: Document) -> tuple[Property, ...]:
    """An object with neither `interval` nor `disabled` is not looked at (R)."""
    if "interval" in value:
        return (
            Property("interval", (WHOLE,), required=True),
            Property("occurrences", (WHOLE,), required=True),
            Property("frequency", (one_of(FREQUENCIES),), required=True),
        )
    return (Property("disabled", (FLAG,)),)


def stored_recurrence(
    value: Document, before: Document | None, quirks: Quirks, *, is_new: bool
) -> Document | None:
    """*value* as it is kept, or None.

    `disabled` ends the recurrence; with the quirk `event-type-update-keeps-recurrence` an update
    leaves it as it was *before*.

    Source: spec recurrence; reference event-types section 5.6 (S, I; E19).
    """
    if value.get("disabled"):
        keeps = quirks.has("event-type-update-keeps-recurrence") and not is_new
        return before if keeps else None
    if "interval" not in value:
        return before
    return {name: value.get(name) for name in NAMES}


def shown_recurrence(stored: Document | None, quirks: Quirks) -> Document | None:
    """*stored*; with the quirk `event-type-shows-disabled-settings` it says `disabled: false`.

    Source: spec Recurrence_2024_06_14; reference event-types section 5.6 (T, R; E18).
    """
    if stored is not None and quirks.has("event-type-shows-disabled-settings"):
        return {"disabled": False, **stored}
    return stored
