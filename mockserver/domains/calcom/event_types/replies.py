"""Replies about event types; the one about a single event type is remembered."""

from functools import lru_cache

from mockserver.behaviours.registry import Call
from mockserver.domains.calcom import world
from mockserver.domains.calcom.conventions.envelope import success
from mockserver.domains.calcom.event_types.output import (
    booking_site,
    event_type_output,
    user_event_type,
)
from mockserver.model import Json, Reply
from mockserver.openapi.copies import copied
from mockserver.openapi.quirks import Quirks
from mockserver.store.protocol import FrozenDocument, View

REPLIES_KEPT = 256


def reply_about(call: Call, event_type: View) -> Reply:
    """The answer to whoever reads *event_type*; from the second time on the same object, for as
    long as nothing changes.

    A user's is remembered by all that it is made of, where the store keeps its views.
    """
    store, quirks = call.store, call.quirks
    is_kept = type(event_type) is FrozenDocument and not call.faults
    if not is_kept or event_type["teamId"] is not None:
        return reply(call, 200, event_type_output(store, event_type, quirks))
    owner = world.user(store, event_type["ownerId"])
    known = _known(event_type, owner, booking_site(store, owner, quirks), quirks.active)
    return known.reply or known.read()


class KnownEventType:
    """What an answer is made of; the answer itself once it has been read twice.

    Much is read only once, and then forgetting it would cost more than making it.
    """

    __slots__ = ("_active", "_event_type", "_is_read", "_owner", "_site", "reply")

    def __init__(
        self, event_type: View, owner: View | None, site: str, active: frozenset[str]
    ) -> None:
        self._event_type = event_type
        self._owner = owner
        self._site = site
        self._active = active
        self._is_read = False
        self.reply: Reply | None = None

    def read(self) -> Reply:
        quirks = Quirks(self._active)
        told = success(200, user_event_type(self._event_type, self._owner, self._site, quirks))
        if self._is_read:
            told = self.reply = told._replace(is_kept=True)
        self._is_read = True
        return told


_known = lru_cache(REPLIES_KEPT)(KnownEventType)


def own_reply(call: Call, status: int, event_type: View, owner: View) -> Reply:
    """A success about an event type of the caller's, *owner*."""
    site = booking_site(call.store, owner, call.quirks)
    return reply(call, status, user_event_type(event_type, owner, site, call.quirks))


def reply(call: Call, status: int, data: Json) -> Reply:
    """A success with *data*, which may share with views; what faults get shares with nothing."""
    return success(status, copied(data) if call.faults else data)
