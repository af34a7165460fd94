"""Short event types of fixtures, made whole."""

from mockserver.domains.calcom.settings.defaults import NOT_SETTABLE, OF_TEAMS, PLAIN, WORKED
from mockserver.domains.calcom.settings.writing import new_settings
from mockserver.model import Document
from mockserver.openapi.quirks import Quirks

OWNERSHIP: Document = {
    "ownerId": None,
    "teamId": None,
    "parentEventTypeId": None,
    "schedulingType": None,
    "assignAllTeamMembers": False,
}
_WHOLE = {"id", "hosts", *OWNERSHIP, *PLAIN, *WORKED, *NOT_SETTABLE}
"""What every event type has that the mock has stored itself."""


def complete_event_type(document: Document) -> Document:
    """*document* with everything that it does not say filled in; a whole one stays as it is.

    It must say title, slug, lengthInMinutes and either ownerId or teamId. Settings are written as
    in a body, or as they are stored; null is none, and for `bookingFields` a list never written.

    Source: reference event-types section 7 (defaults of U1).
    """
    if document.keys() >= _WHOLE:
        return document
    is_of_team = any(document.get(name) is not None for name in ("teamId", "parentEventTypeId"))
    settings = new_settings(_body(document), of_team=is_of_team, quirks=Quirks())
    kept = {name: document[name] for name in document if name not in settings}
    unset = {name: None for name in settings if name in document and document[name] is None}
    fields = _stored_list(document)
    raw = {name: document[name] for name in NOT_SETTABLE if name in document}
    return {**OWNERSHIP, **kept, "hosts": _hosts(document), **settings, **unset, **fields, **raw}


def _body(document: Document) -> Document:
    names = {*PLAIN, *OF_TEAMS, *WORKED}
    return {name: value for name, value in document.items() if name in names}


def _stored_list(document: Document) -> Document:
    """A list in the stored form is kept as it is."""
    fields = document.get("bookingFields")
    if isinstance(fields, list) and all("isDefault" in field for field in fields):
        return {"bookingFields": fields}
    return {}


def _hosts(document: Document) -> list[Document]:
    defaults = {"mandatory": False, "priority": "medium"}
    return [{**defaults, **host} for host in document.get("hosts") or ()]
