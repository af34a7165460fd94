"""Where an event takes place: what may be sent, what is kept, what is shown.

Source: reference event-types section 3 (S `locations.input.ts`, R).
"""

from collections.abc import Callable, Sequence

from mockserver.domains.calcom.conventions.errors import bad_request
from mockserver.domains.calcom.settings.constraints import (
    FLAG,
    TEXT,
    URL,
    Property,
    one_of,
    rule,
    texts,
)
from mockserver.domains.calcom.settings.spoken import json_text, spoken
from mockserver.domains.calcom.settings.web_address import is_phone_number
from mockserver.model import Document, Json
from mockserver.openapi.quirks import Quirks
from mockserver.store.protocol import View

INTEGRATIONS = (
    *("cal-video", "google-meet", "zoom", "whereby-video", "whatsapp-video", "webex-video"),
    *("telegram-video", "tandem", "sylaps-video", "skype-video", "sirius-video", "signal-video"),
    *("shimmer-video", "salesroom-video", "roam-video", "riverside-video", "ping-video"),
    *("office365-video", "mirotalk-video", "jitsi", "jelly-video", "jelly-conferencing", "huddle"),
    *("facetime-video", "element-call-video", "eightxeight-video", "discord-video"),
    *("demodesk-video", "campfire-video"),
)

CAL_VIDEO: Document = {"type": "integration", "integration": "cal-video"}

_ONE_CHARACTER = rule(
    "minLength",
    "$ must be longer than or equal to 1 characters",
    lambda value: isinstance(value, str) and bool(value),
)
_PHONE = rule("isPhoneNumber", "$ must be a valid phone number", is_phone_number)
_PUBLIC = Property("public", (FLAG,), required=True)

KINDS: dict[str, tuple[Property, ...]] = {
    "address": (Property("address", (_ONE_CHARACTER, TEXT), required=True), _PUBLIC),
    "link": (Property("link", (URL,), required=True), _PUBLIC),
    "integration": (Property("integration", (one_of(INTEGRATIONS, key="isIn"),), required=True),),
    "phone": (Property("phone", (_PHONE,), required=True), _PUBLIC),
    "attendeeAddress": (),
    "attendeePhone": (),
    "attendeeDefined": (),
    "organizersDefaultApp": (),
}
"""By `type`: the properties that go with it."""

OF_TEAMS_ONLY = frozenset({"organizersDefaultApp"})


def check_locations(locations: Json, *, of_team: bool, quirks: Quirks) -> None:
    """Raise ApiError 400 with the API's own message for the first wrong location.

    With the quirk `event-type-location-needs-public` an address, link or phone without `public`
    is refused; the guide page and its pasted example leave it out.

    Source: reference event-types section 3.1 (R); docs create event type guide (seed 004).
    """
    if not isinstance(locations, list):
        raise bad_request("'locations' must be an array.")
    if not locations:
        raise bad_request("'locations' must contain at least 1 location.")
    for location in locations:
        _check_location(location, of_team, quirks)


def _check_location(location: Json, of_team: bool, quirks: Quirks) -> None:
    if not isinstance(location, dict):
        raise bad_request("Each object in 'locations' must be an object.")
    kind = location.get("type")
    if not kind:
        raise bad_request("Each object in 'locations' must have a 'type' property.")
    if not _is_known(kind, of_team):
        raise bad_request(
            f"Unsupported location type '{spoken(kind)}'. "
            "Valid types are address, link, integration, and phone."
        )
    properties = KINDS[kind]
    if "public" not in location and not quirks.has("event-type-location-needs-public"):
        properties = tuple(one for one in properties if one.name != "public")
    if broken := texts(location, properties):
        raise bad_request(f"Validation failed for {kind} location: {broken}")


def _is_known(kind: Json, of_team: bool) -> bool:
    return isinstance(kind, str) and kind in KINDS and (of_team or kind not in OF_TEAMS_ONLY)


def stored_locations(locations: Sequence[Document]) -> list[Document]:
    """*locations* as they are kept, without what does not belong to their kind.

    What cannot be read is kept whole.
    """
    return [_stored(location) for location in locations]


def _stored(location: Document) -> Document:
    kind = location.get("type")
    if kind not in KINDS:
        return location
    kept: Document = {"type": kind}
    for one in KINDS[kind]:
        kept[one.name] = location.get(one.name, False if one.name == "public" else None)
    extras = ("link", "credentialId") if kind == "integration" else ()
    return kept | {name: location[name] for name in extras if name in location}


def shown_locations(locations: Sequence[Document]) -> list[Document]:
    """*locations* as an answer shows them; unreadable ones as JSON text, after all others.

    Source: reference event-types section 3.2 (T).
    """
    known = [one for one in locations if one.get("type") in KINDS]
    if len(known) == len(locations):
        return known
    others = [one for one in locations if one.get("type") not in KINDS]
    return known + [{"type": "unknown", "location": json_text(one)} for one in others]


def has_cal_video(locations: Sequence[Document]) -> bool:
    return any([one.get("integration") == "cal-video" for one in locations])


APP_SLUGS = {
    "office365-video": "msteams",
    "sylaps-video": "sylapsvideo",
    "sirius-video": "sirius_video",
    "shimmer-video": "shimmervideo",
    "huddle": "huddle01",
    "jelly-conferencing": "jelly",
}
"""Apps whose slug is not the integration's name without `-video`."""

TEAM_APPS = ("google-meet", "zoom", "msteams")


def app_slug(integration: str) -> str:
    """The slug of the app behind *integration*: `msteams` for `office365-video`."""
    return APP_SLUGS.get(integration, integration.removesuffix("-video"))


def check_apps(locations: Sequence[Document], owner: View, *, of_team: bool) -> None:
    """Raise ApiError 400 unless every app of *locations* is among *owner*'s `connectedApps`.

    Cal Video is there for everybody.

    Source: reference event-types section 3.1 (T for jitsi; S `input-event-types.service.ts`,
    `organizations-conferencing.service.ts`).
    """
    check: Callable[[str, Sequence[str]], None] = _check_team_app if of_team else _check_app
    for location in locations:
        name = location.get("integration")
        if location.get("type") == "integration" and name != "cal-video":
            check(str(name), owner.get("connectedApps") or ())


def _check_app(integration: str, connected: Sequence[str]) -> None:
    slug = app_slug(integration)
    if slug not in connected and integration not in connected:
        raise bad_request(f"{slug} not connected.")


def _check_team_app(integration: str, connected: Sequence[str]) -> None:
    if integration not in TEAM_APPS:
        message = "Invalid app, available apps are: "
        details = {"message": message, "error": ", ".join(TEAM_APPS), "statusCode": 400}
        raise bad_request(message, details)
    if integration not in connected:
        raise bad_request(f"{integration} not connected.")
