"""How settings of event types end, and event types themselves."""

from typing import Final

from contracts.suites.lifecycle.calcom.world import World, WorldRules, document_in
from contracts.suites.lifecycle.rules import promise
from mockserver.model import MISSING, Document, Json

RULES = WorldRules("event_types", of_team=False)

DISABLED: Final = "document: the property is oneOf its settings or Disabled (`disabled: true`)"
LAST_WORDS: Final = "seed Event Types guide (Delete an Event Type); document DeleteData"
_SHOWN_AT_THE_END: Final = ("id", "title", "slug", "description", "locations", "bookingFields")
_ENDED: Final[tuple[Json, ...]] = (MISSING, None, {"disabled": True}, {})

_SETTINGS: Final[dict[str, Document]] = {
    "recurrence": {"interval": 1, "occurrences": 4, "frequency": "weekly"},
    "bookingLimitsCount": {"day": 2},
    "bookingLimitsDuration": {"day": 60},
    "bookingWindow": {"type": "businessDays", "value": 5, "rolling": True},
    "confirmationPolicy": {"type": "always", "blockUnconfirmedBookingsInBooker": True},
}
"""One setting of each kind that can be disabled again. Source: document, the schemas of the
properties; reference event-types section 5."""


@RULES.on("update", "disabling-ends-a-setting")
def disabling_ends_a_setting(world: World) -> None:
    """What an update disables is gone, from its answer and from the event type.

    Source: document (`Disabled`); reference event-types section 5.
    """
    for name, value in _SETTINGS.items():
        event_type = world.new_event_type()
        given = world.event_type("update", event_type, body={name: value})
        if not given.is_success or document_in(world.session, given).get(name) in _ENDED:
            world.session.notes.append(f"`{name}` could not be set, so not be disabled either")
            continue
        ended = world.event_type("update", event_type, body={name: {"disabled": True}})
        for exchange in (ended, world.event_type("read", event_type)):
            shown: Json = document_in(world.session, exchange).get(name, MISSING)
            promise(
                world.session,
                shown in _ENDED,
                "disabling-ends-a-setting",
                exchange,
                message=f"`{name}` was disabled, and is still there",
                expected=f"no `{name}`, null, or `disabled: true`",
                source=DISABLED,
                came=f"{name}: {shown!r}"[:200],
                cause=name,
            )


@RULES.on("delete", "deleting-tells-what-was-deleted")
def deleting_tells_what_was_deleted(world: World) -> None:
    """The answer to a deletion has all that the guide's example has, as it was at the end.

    Source: seed Event Types guide (deleted event type summary); document DeleteData.
    """
    event_type = world.new_event_type(hidden=True)
    world.new_event_type()
    world.event_type("update", event_type, body={"lengthInMinutes": 77})
    exchange = world.event_type("delete", event_type)
    answer = document_in(world.session, exchange)
    shown = {name: event_type.get(name) for name in _SHOWN_AT_THE_END}
    wanted = {**shown, "lengthInMinutes": 77, "hidden": True, "requiresConfirmation": False}
    wrong = [name for name in wanted if answer.get(name, MISSING) != wanted[name]]
    promise(
        world.session,
        not wrong,
        "deleting-tells-what-was-deleted",
        exchange,
        message=f"a deletion does not tell what was deleted: {', '.join(wrong)}",
        expected=", ".join(f"{name}: {wanted[name]!r}" for name in wrong)[:200],
        source=LAST_WORDS,
        cause=", ".join(wrong),
    )
