"""Event types in themselves: defaults, places, addresses."""

from typing import Final
from urllib.parse import quote

from contracts.exchange import Exchange
from contracts.suites.lifecycle.acts import item_in
from contracts.suites.lifecycle.calcom.world import World, WorldRules, document_in
from contracts.suites.lifecycle.rules import promise
from contracts.suites.provisions import unique_name
from mockserver.model import Document, Json

RULES = WorldRules("event_types", of_team=False)

DEFAULTS: Final[dict[str, Json]] = {
    "hidden": False,
    "disableGuests": False,
    "recurrence": None,
    "minimumBookingNotice": 120,
    "beforeEventBuffer": 0,
    "afterEventBuffer": 0,
    "slotInterval": None,
    "price": 0,
    "currency": "usd",
    "isInstantEvent": False,
    "bookingRequiresAuthentication": False,
    "lockTimeZoneToggleOnBookingPage": False,
    "onlyShowFirstAvailableSlot": False,
    "offsetStart": 0,
}
"""What an event type with nothing but title, slug and length shows, where it shows it.

Source: reference event-types section 7.
"""


@RULES.on("create", "event-types-have-their-defaults")
def event_types_have_their_defaults(world: World) -> None:
    """What is not sent has the value that is told for it.

    Source: reference event-types section 7.
    """
    exchange = world.create_event_type()
    shown = item_in(world.session, exchange).document
    for name, value in DEFAULTS.items():
        if name in shown:
            promise(
                world.session,
                shown[name] == value,
                "event-types-have-their-defaults",
                exchange,
                message=f"`{name}` of a new event type is not the default",
                expected=f"{name}: {value!r}",
                source="reference event-types.md section 7",
                came=f"{name}: {shown[name]!r}",
                cause=name,
            )


@RULES.on("create", "meetings-are-held-somewhere")
def meetings_are_held_somewhere(world: World) -> None:
    """Without locations an event type is held on Cal Video; one of the guide's examples is taken
    as it stands there, without `public`.

    Source: reference event-types section 3.1; seed Event Types guide (Create an Event Type).
    """
    link = {"type": "link", "link": "https://meet.example.com/understudy"}
    trials: tuple[tuple[Document, Document], ...] = (
        ({}, {"type": "integration", "integration": "cal-video"}),
        ({"locations": [link]}, link),
    )
    for sent, wanted in trials:
        exchange = world.create_event_type(**sent)
        shown = document_in(world.session, exchange).get("locations") if exchange.is_success else ()
        rows = shown if isinstance(shown, list) else []
        is_there = any(isinstance(row, dict) and wanted.items() <= row.items() for row in rows)
        promise(
            world.session,
            is_there,
            "meetings-are-held-somewhere",
            exchange,
            message="an event type with the location of the guide's example is not made with it"
            if sent
            else "an event type without locations is not held on Cal Video",
            expected=f"a location with {wanted}",
            source="seed Event Types guide; reference event-types.md section 3.1",
            cause="given" if sent else "default",
        )


@RULES.on("update", "addresses-follow-the-slug")
def addresses_follow_the_slug(world: World) -> None:
    """`bookingUrl` of an event type ends in its slug, also after a change.

    Source: reference event-types section 7 (`<site>/<username>/<slug>`).
    """
    exchange = world.create_event_type()
    event_type = item_in(world.session, exchange).document
    _leads_to(world, event_type, exchange, event_type["slug"])
    slug = unique_name(world.session, is_slug=True)
    change = world.event_type("update", event_type, body={"slug": slug})
    _leads_to(world, document_in(world.session, change), change, slug)


@RULES.on("update", "guests-are-not-all-fields")
def guests_are_not_all_fields(world: World) -> None:
    """`disableGuests` hides the guests field, and leaves the custom fields alone.

    Source: seed Event Types guide (only include fields you want to update).
    """
    field = {
        "type": "text",
        "slug": "company",
        "label": "Company",
        "required": False,
        "placeholder": "Acme",
        "hidden": False,
    }
    event_type = world.new_event_type(bookingFields=[field])
    exchange = world.event_type("update", event_type, body={"disableGuests": True})
    answer = document_in(world.session, exchange)
    slugs = [one.get("slug") for one in answer.get("bookingFields", ())]
    promise(
        world.session,
        "company" in slugs,
        "guests-are-not-all-fields",
        exchange,
        message="an update of `disableGuests` removed custom booking fields",
        expected="the field `company` is there",
        source="seed Event Types guide (Update an Event Type)",
        came=", ".join(map(str, slugs)),
    )


def _leads_to(world: World, event_type: Document, exchange: Exchange, slug: str) -> None:
    url = str(event_type.get("bookingUrl"))
    promise(
        world.session,
        url.endswith(f"/{quote(slug, safe='')}"),
        "addresses-follow-the-slug",
        exchange,
        message="`bookingUrl` of an event type does not end in its slug",
        expected=f"an address that ends in /{slug}",
        source="reference event-types.md section 7",
        came=url,
    )
