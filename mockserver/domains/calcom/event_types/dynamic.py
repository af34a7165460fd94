"""The event type that nobody owns: what the real server gives for several users at once."""

from mockserver.behaviours.registry import Call
from mockserver.domains.calcom.event_types.lists import named_usernames, users_by_name
from mockserver.domains.calcom.event_types.output import EventTypeAnswers, user_face
from mockserver.domains.calcom.settings import new_settings, shown_settings
from mockserver.model import Document

OWN_SETTINGS: Document = {
    "description": "Join us for a meeting with multiple people",
    "lengthInMinutesOptions": [15, 30, 45, 60, 90],
    "customName": "Group Meeting",
    "locations": [{"type": "integration", "integration": "cal-video"}],
    "bookingFields": [],
    "disableGuests": True,
    "successRedirectUrl": "",
}


def dynamic_event_type(call: Call) -> Document:
    """The group meeting of the users that `usernames` names, as it is answered.

    Source: reference event-types section 6.2 (S `defaultEvents.ts`).
    """
    users = users_by_name(call, named_usernames(call))
    required = {"title": "Group Meeting", "slug": "dynamic", "lengthInMinutes": 30}
    settings = new_settings(required, of_team=False, quirks=call.quirks) | OWN_SETTINGS
    answer: Document = {
        "id": 0,
        "ownerId": 0,
        **shown_settings(settings, call.quirks, in_list=True),
        "users": [user_face(user) for user in users],
    }
    if not call.quirks.has("event-type-answers-as-of-2025"):
        address = EventTypeAnswers(call.store, call.quirks).booking_url
        answer["bookingUrl"] = address(users[0] if users else None, "dynamic")
    return answer
