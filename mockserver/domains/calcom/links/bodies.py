"""What a request says about the limits of a private link, and what it makes of them.

Source: reference private-links sections 4, 5 and 8, recordings of private-links and
team-private-links; where document and server part, a quirk is asked.
"""

from typing import NamedTuple

from mockserver.behaviours.registry import Call
from mockserver.clock import iso_text
from mockserver.domains.calcom.conventions.bodies import known_properties
from mockserver.domains.calcom.conventions.database_texts import out_of_range, unreadable_date
from mockserver.domains.calcom.conventions.errors import bad_request
from mockserver.domains.calcom.conventions.explain import explain
from mockserver.domains.calcom.conventions.numbers import EXACT
from mockserver.domains.calcom.links.dates import lenient_date, strict_date
from mockserver.errors import ApiError
from mockserver.model import Document, Json, Violation

GREATEST_COUNT = 2**31 - 1
PROPERTIES = ("expiresAt", "maxUsageCount")


class LinkLimits(NamedTuple):
    """When a link ends: at *expires_at* (as `iso_text`), or after *max_usage_count* uses."""

    expires_at: str | None
    max_usage_count: Json


def read_new_link(call: Call) -> Json:
    """The body of a create: known properties, nulls and dates as the active quirks take them."""
    body = known_properties(call.body, PROPERTIES)
    if isinstance(body, dict) and call.quirks.has("null-means-absent"):
        body = {name: value for name, value in body.items() if value is not None}
    return _with_lenient_date(call, body)


def read_link_change(call: Call) -> Json:
    """The body of an update; a null date survives where it means something."""
    body = known_properties(call.body, PROPERTIES)
    if isinstance(body, dict) and call.quirks.has("null-means-absent"):
        clears = call.quirks.has("link-null-clears-the-date")
        body = {
            name: value
            for name, value in body.items()
            if value is not None or (clears and name == "expiresAt")
        }
    return _with_lenient_date(call, body)


def read_team_link_change(call: Call) -> Json:
    """The body of a team's update, which may pass unvalidated."""
    if call.quirks.has("team-link-update-unvalidated"):
        return known_properties(call.body, PROPERTIES)
    return read_link_change(call)


def _with_lenient_date(call: Call, body: Json) -> Json:
    """With the quirk `link-dates-are-lenient`, everything that JavaScript reads as a date."""
    if not call.quirks.has("link-dates-are-lenient") or not isinstance(body, dict):
        return body
    if body.get("expiresAt") is None:
        return body
    found = lenient_date(body["expiresAt"])
    if found is None:
        call.body = body
        raise _no_date(call, body["expiresAt"])
    return {**body, "expiresAt": iso_text(found)}


def new_limits(call: Call) -> LinkLimits:
    """The limits of a new link: one of the two; without any, one use.

    Source: spec #/components/schemas/CreatePrivateLinkInput (one use when both are left out);
    refused by the server (quirk `link-create-needs-a-limit`).
    """
    body: Document = call.body or {}
    expires_at, maximum = body.get("expiresAt"), body.get("maxUsageCount")
    _refuse_both(expires_at, maximum)
    if expires_at is not None:
        return LinkLimits(_date_text(call, expires_at), 1)
    if maximum is None:
        if call.quirks.has("link-create-needs-a-limit"):
            raise bad_request("Either expiresAt or maxUsageCount must be provided")
        return LinkLimits(None, 1)
    return LinkLimits(None, _count(call, maximum, "create"))


def changed_limits(call: Call, before: LinkLimits, event_type_id: int) -> LinkLimits | None:
    """The limits after an update; None where the server would find no row changed."""
    body: Document = call.body if isinstance(call.body, dict) else {}
    if "teamId" in call.path and call.quirks.has("team-link-update-unvalidated"):
        body = _unvalidated(call, body, event_type_id)
    elif not call.quirks.has("link-update-accepts-both"):
        _refuse_both(body.get("expiresAt"), body.get("maxUsageCount"))
    maximum = body.get("maxUsageCount")
    count = before.max_usage_count if maximum is None else _count(call, maximum, "updateMany")
    if call.quirks.has("link-update-keeps-expiry") and maximum is None and "expiresAt" not in body:
        return None
    return LinkLimits(_changed_date(call, before, body), count)


def _changed_date(call: Call, before: LinkLimits, body: Document) -> str | None:
    """The date after an update, in one of the three ways known.

    Source: reference private-links section 8: the document's reading, where the limit that is
    given decides; the recordings, where a date left out is cleared (quirk
    `link-update-clears-the-date`); the source of 2026, where it stays (quirk
    `link-update-keeps-expiry`, which wins over the other).
    """
    if body.get("expiresAt") is not None:
        return _date_text(call, body["expiresAt"])
    if call.quirks.has("link-update-keeps-expiry"):
        return None if "expiresAt" in body else before.expires_at
    is_cleared = (
        call.quirks.has("link-update-clears-the-date")
        or "expiresAt" in body
        or body.get("maxUsageCount") is not None
    )
    return None if is_cleared else before.expires_at


def _unvalidated(call: Call, body: Document, event_type_id: int) -> Document:
    """A team's update as it reaches the database: only its types are looked at, by chance.

    Source: reference private-links section 8, recordings team-private-links 307 to 316.
    """
    kept: Document = {}
    if "expiresAt" in body:
        kept["expiresAt"] = body["expiresAt"]
    maximum = body.get("maxUsageCount")
    if isinstance(maximum, (int, float)) and not isinstance(maximum, bool):
        kept["maxUsageCount"] = maximum
    date = kept.get("expiresAt")
    if date is not None and (not isinstance(date, str) or strict_date(date) is None):
        raise bad_request(unreadable_date(event_type_id, call.path["linkId"], kept))
    return kept


def _refuse_both(expires_at: Json, maximum: Json) -> None:
    if expires_at is not None and maximum is not None:
        raise bad_request("Provide only one of expiresAt or maxUsageCount")


def _count(call: Call, maximum: float, operation: str) -> Json:
    """A maximum as stored: whole, so fractions are cut.

    One of more than 32 bits breaks the document, unless the quirk
    `link-max-overflow-reaches-database` lets it pass, to be refused in the database's words.

    Source: recordings private-links 193, 194, 212, team-private-links 314.
    """
    if abs(maximum) > GREATEST_COUNT and call.quirks.has("link-max-overflow-reaches-database"):
        raise bad_request(out_of_range(operation, maximum))
    return int(maximum) if abs(maximum) < EXACT else maximum


def _date_text(call: Call, text: str) -> str:
    found = strict_date(text)
    if found is None:
        raise _no_date(call, text)
    return iso_text(found)


def _no_date(call: Call, value: Json) -> ApiError:
    return explain(call, [Violation("body", ("expiresAt",), "format", "is not a date", value)])
