"""Settings that exclude one another: refused, and nothing of them is kept."""

from typing import Final

from contracts.stops import NotJudged
from contracts.suites.lifecycle.calcom.visibility import username_of
from contracts.suites.lifecycle.calcom.world import World, WorldRules, rows_of
from contracts.suites.lifecycle.rules import REFUSED, promise
from contracts.suites.provisions import unique_name
from mockserver.model import Document

RULES = WorldRules("event_types", of_team=False)

_CONTRADICTIONS: Final[tuple[Document, ...]] = (
    {
        "seats": {"seatsPerTimeSlot": 3, "showAttendeeInfo": True, "showAvailabilityCount": True},
        "recurrence": {"interval": 1, "occurrences": 4, "frequency": "weekly"},
    },
    {"bookingLimitsCount": {"day": 5, "week": 2}},
    {"bookingLimitsDuration": {"day": 300, "week": 60}},
)
"""Each good by the schema, and refused. Source: reference event-types sections 5.1, 5.2, 5.6."""


@RULES.on("create", "refused-settings-leave-nothing")
def refused_settings_leave_nothing(world: World) -> None:
    """A create whose settings contradict one another leaves no event type behind.

    Source: RFC 9110 section 15.5; reference event-types section 6.1.
    """
    name = username_of(world.new_event_type())
    refused = 0
    for settings in _CONTRADICTIONS:
        slug = unique_name(world.session, is_slug=True)
        exchange = world.create_event_type(slug=slug, **settings)
        if exchange.is_success:
            continue
        refused += 1
        query = (("username", name), ("eventSlug", slug))
        listed = world.session.call(world.event_types.operation("list"), {}, query=query)
        promise(
            world.session,
            not rows_of(world.session, listed),
            "refused-settings-leave-nothing",
            exchange,
            message="a create that was refused has made an event type",
            expected=f"no event type with the slug {slug}",
            source=REFUSED,
            cause=", ".join(settings),
        )
    if not refused:
        raise NotJudged("none of these contradictions is refused here")
