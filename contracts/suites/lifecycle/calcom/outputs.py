"""What event types show of what was sent: addresses, seats, fields."""

from typing import Final
from urllib.parse import urlsplit

from contracts.stops import NotJudged
from contracts.suites.lifecycle.calcom.world import World, WorldRules, document_in
from contracts.suites.lifecycle.rules import promise
from contracts.suites.provisions import unique_name
from mockserver.model import Document

RULES = WorldRules("event_types", of_team=False)

URI: Final = "document: bookingUrl has the format uri; RFC 3986 section 2 (others are escaped)"
SEATS: Final = "document: seatsPerTimeSlot and seatsShowAvailabilityCount; reference 7"
FIELDS: Final = "document: EmailDefaultFieldInput does not require `required`; reference 4.3"
_SEATS: Final[Document] = {
    "seatsPerTimeSlot": 4,
    "showAttendeeInfo": True,
    "showAvailabilityCount": False,
}


@RULES.on("create", "addresses-are-uris")
def addresses_are_uris(world: World) -> None:
    """`bookingUrl` is a URI also where the slug has letters that a URI cannot have.

    Source: document; RFC 3986 section 2.
    """
    slug = f"{unique_name(world.session, is_slug=True)}-größe ä"
    exchange = world.create_event_type(slug=slug)
    if not exchange.is_success:
        raise NotJudged("a slug with a blank and letters beyond ASCII is not taken")
    url = document_in(world.session, exchange).get("bookingUrl")
    is_uri = (
        isinstance(url, str) and url.isascii() and " " not in url and bool(urlsplit(url).netloc)
    )
    promise(
        world.session,
        is_uri,
        "addresses-are-uris",
        exchange,
        message="the booking URL of an event type is no URI",
        expected="a URI, its parts escaped",
        source=URI,
        came=f"bookingUrl: {url!r}",
    )


@RULES.on("create", "seats-are-told-twice")
def seats_are_told_twice(world: World) -> None:
    """The number of seats and whether it is shown stand in `seats` and beside it.

    Source: document; reference event-types section 7 (documented profile).
    """
    exchange = world.create_event_type(seats=_SEATS)
    shown = document_in(world.session, exchange)
    wanted = {"seatsPerTimeSlot": 4, "seatsShowAvailabilityCount": False}
    wrong = [name for name, value in wanted.items() if shown.get(name) != value]
    promise(
        world.session,
        not wrong,
        "seats-are-told-twice",
        exchange,
        message=f"an event type with seats does not show {' and '.join(wrong)}",
        expected=", ".join(f"{name}: {value}" for name, value in wanted.items()),
        source=SEATS,
        came=", ".join(f"{name}: {shown.get(name)}" for name in wanted),
        cause=", ".join(wrong),
    )


@RULES.on("create", "least-email-fields-are-taken")
def least_email_fields_are_taken(world: World) -> None:
    """The booker's e-mail field is taken with no more than its schema requires.

    Source: document EmailDefaultFieldInput; reference event-types section 4.3.
    """
    field = {"type": "email", "label": "Your e-mail", "placeholder": "you@example.test"}
    exchange = world.create_event_type(bookingFields=[field])
    promise(
        world.session,
        exchange.is_success,
        "least-email-fields-are-taken",
        exchange,
        message="an e-mail field without `required` is refused, though it may be left out",
        expected="201",
        source=FIELDS,
    )
