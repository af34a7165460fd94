"""A body on its way in: known properties only, and the refusals in the API's own words.

Source: reference event-types section 6.1 (the order of work), conventions section 6.1.
"""

from mockserver.behaviours.registry import Call
from mockserver.domains.calcom.conventions.errors import invalid
from mockserver.domains.calcom.settings.constraints import entries
from mockserver.domains.calcom.settings.field_rules import check_booking_fields
from mockserver.domains.calcom.settings.limits import (
    check_active_limit,
    check_active_limit_or_recurrence,
)
from mockserver.domains.calcom.settings.locations import check_locations
from mockserver.domains.calcom.settings.properties import names_of, properties_of
from mockserver.domains.calcom.settings.window import is_range_without_end
from mockserver.errors import ApiError
from mockserver.model import Document, Json
from mockserver.openapi.quirks import Quirks


def read_settings(call: Call) -> Json:
    """The body to validate against the document: the Reader of creates and updates.

    Unknown properties are dropped, and nulls with the quirk `null-means-absent`. Locations,
    booking fields and what cannot go together are refused first, each with a message of its own
    (400); then all other broken properties at once. What is no object is left to the schema, or
    counts as empty with the quirk `non-json-body-is-empty`.

    Source: reference conventions sections 6.1 and 6.2 (R), event-types section 6.1.
    """
    body = call.body
    if not isinstance(body, dict):
        if not call.quirks.has("non-json-body-is-empty"):
            return body
        body = {}
    of_team, is_new = "teamId" in call.path, call.method == "POST"
    body = _known(body, call, of_team=of_team)
    _check_own_messages(body, of_team, call.quirks)
    table = properties_of(of_team=of_team, is_new=is_new)
    if not table.is_met_by(body):
        raise invalid(entries(body, table.properties))
    return body


def _known(body: Document, call: Call, *, of_team: bool) -> Document:
    known, documented = names_of(of_team=of_team), call.operation.body_properties
    skips_null = call.quirks.has("null-means-absent")
    kept = {
        name: value
        for name, value in body.items()
        if (name in known or name in documented) and not (value is None and skips_null)
    }
    if call.quirks.has("event-type-ignores-requires-confirmation"):
        kept.pop("requiresConfirmation", None)
    return kept


def _check_own_messages(body: Document, of_team: bool, quirks: Quirks) -> None:
    """Raise the first refusal with a message of its own; null is left to the schema.

    Source: reference event-types sections 3.1, 4.2, 5.2, 5.3 (R).
    """
    limit, recurrence = body.get("bookerActiveBookingsLimit"), body.get("recurrence")
    if body.get("locations") is not None:
        check_locations(body["locations"], of_team=of_team, quirks=quirks)
    if body.get("bookingFields") is not None:
        check_booking_fields(body["bookingFields"], quirks)
    check_active_limit(limit)
    check_active_limit_or_recurrence(limit, recurrence)
    fails = quirks.has("event-type-settings-unchecked")
    if fails and is_range_without_end(body.get("bookingWindow")):
        raise ApiError(500, "Internal server error")
