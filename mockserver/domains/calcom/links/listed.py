"""Links as they are answered, one by one and as the list of an event type."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from mockserver.behaviours.registry import Call
from mockserver.domains.calcom.conventions.envelope import success
from mockserver.domains.calcom.links.state import expiry, is_expired, to_the_millisecond
from mockserver.model import Document, Reply
from mockserver.store.protocol import View

LISTS_KEPT = 128
LONGEST_KEPT = 50

MILLISECOND = timedelta(milliseconds=1)
BEGIN, END = (moment.replace(tzinfo=UTC) for moment in (datetime.min, datetime.max))


def shown_link(link: View, address: str, now: datetime) -> Document:
    """A link as answered at *now*: *address* has a `{}` where its id goes."""
    shown: Document = {
        "linkId": link["linkId"],
        "eventTypeId": link["eventTypeId"],
        "isExpired": is_expired(link, now),
        "bookingUrl": address.replace("{}", link["linkId"], 1),
    }
    if link["expiresAt"] is not None:
        shown["expiresAt"] = link["expiresAt"]
    else:
        shown["maxUsageCount"] = link["maxUsageCount"] or 0
        shown["usageCount"] = link["usageCount"] or 0
    return shown


def reply_with(call: Call, links: Sequence[View], address: str) -> Reply:
    """The answer that lists *links*; from the second time on the same object, for as long as
    nothing changes.

    It is remembered by the links and their address, where the store keeps its views.
    """
    if type(links) is tuple and len(links) <= LONGEST_KEPT and not call.faults:
        return _known(links, address).reply_at(call.now)
    return _reply(links, address, call.now)


def _reply(links: Sequence[View], address: str, now: datetime) -> Reply:
    return success(200, [shown_link(link, address, now) for link in links])


class Span(NamedTuple):
    """What is answered from the moment *since* until before the moment *until*."""

    since: datetime
    until: datetime
    reply: Reply


NEVER_READ, READ_ONCE = (Span(END, END, Reply(200)) for _ in range(2))


class KnownLinks:
    """A list of links that do not change; some of them expire with time."""

    __slots__ = ("_address", "_links", "_span")

    def __init__(self, links: Sequence[View], address: str) -> None:
        self._links = links
        self._address = address
        self._span = NEVER_READ

    def reply_at(self, now: datetime) -> Reply:
        span = self._span
        if span.since <= now < span.until:
            return span.reply
        if span is NEVER_READ:
            self._span = READ_ONCE
            return _reply(self._links, self._address, now)
        span = self._span = self._span_at(now)
        return span.reply

    def _span_at(self, now: datetime) -> Span:
        ended_at = [moment for link in self._links if (moment := _ended_at(link)) is not None]
        return Span(
            max([moment for moment in ended_at if moment <= now], default=BEGIN),
            min([moment for moment in ended_at if moment > now], default=END),
            _reply(self._links, self._address, now)._replace(is_kept=True),
        )


def _ended_at(link: View) -> datetime | None:
    """The first moment at which a dated link is expired; None for a counted one."""
    end = expiry(link)
    return None if end is None else min(to_the_millisecond(end), END - MILLISECOND) + MILLISECOND


_known = lru_cache(LISTS_KEPT)(KnownLinks)
