"""What Cal Video does during and after the call.

Source: reference event-types section 5.8.
"""

from datetime import datetime

from mockserver.clock import iso_text
from mockserver.domains.calcom.settings.constraints import FLAG, URL, Property
from mockserver.model import Document
from mockserver.openapi.quirks import Quirks
from mockserver.store.protocol import View

SENDS = "sendTranscriptionEmails"
FLAGS = (
    "disableRecordingForOrganizer",
    "disableRecordingForGuests",
    "enableAutomaticRecordingForOrganizer",
    "enableAutomaticTranscription",
    "disableTranscriptionForGuests",
    "disableTranscriptionForOrganizer",
)
EXIT = "redirectUrlOnExit"
OF_ROW = (*FLAGS, EXIT)
DATES = ("createdAt", "updatedAt")
DEFAULT: Document = {SENDS: True}

PROPERTIES = (
    *(Property(name, (FLAG,)) for name in FLAGS[:2]),
    Property(EXIT, (URL,)),
    *(Property(name, (FLAG,)) for name in (*FLAGS[2:], SENDS)),
)


def stored_video(value: Document, before: Document, now: datetime | None) -> Document:
    """*value* over what was stored *before*.

    One flag is a setting of its own; all others together are one row, replaced as a whole by any
    of them. *now* dates the row.

    Source: reference event-types section 5.8 (S).
    """
    sent = {name: item for name, item in value.items() if item is not None}
    row = {name: sent[name] for name in OF_ROW if name in sent}
    sends = {SENDS: sent.get(SENDS, before.get(SENDS, True))}
    if not row:
        return {**before, **sends}
    known = {**before, **sent}
    dates: Document = {name: known[name] for name in DATES if name in known}
    if now is not None:
        dates = {"createdAt": before.get("createdAt", iso_text(now)), "updatedAt": iso_text(now)}
    return {**sends, **row, **dates}


def without_row(stored: Document) -> Document:
    """What stays once Cal Video is no longer a location."""
    return {SENDS: stored.get(SENDS, True)}


def shown_video(event_type: View, quirks: Quirks, *, in_list: bool) -> Document | None:
    """The flags that are set.

    With the quirk `event-type-cal-video-row` the whole row of the database where flags are
    stored, and in the user's list never more than the one flag that is no part of it. With
    `event-type-answers-as-of-2025` that flag does not exist yet, and null stands for no row.

    Source: spec CalVideoSettings; reference event-types section 5.8 (E30); observed setup.jsonl.
    """
    stored = event_type.get("calVideoSettings") or DEFAULT
    flags = {name: stored[name] for name in OF_ROW if name in stored}
    if quirks.has("event-type-cal-video-row"):
        flags = _row(event_type, stored) if flags and not in_list else {}
    sends = {} if quirks.has("event-type-answers-as-of-2025") else without_row(stored)
    return {**flags, **sends} or None


def _row(event_type: View, stored: Document) -> Document:
    return {
        "eventTypeId": event_type.get("id"),
        **{name: stored.get(name, False) for name in FLAGS},
        EXIT: stored.get(EXIT),
        "requireEmailForGuests": False,
        **{name: stored[name] for name in DATES if name in stored},
    }
