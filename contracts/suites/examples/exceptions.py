"""What APIs whose rules are known do otherwise than any other API, with the source of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contracts.yardstick import Yardstick
from mockserver.openapi import Operation

_TEAM_EVENT_TYPE: Final = "/v2/organizations/{orgId}/teams/{teamId}/event-types/{eventTypeId}"


@dataclass(frozen=True, slots=True)
class Exceptions:
    """Departures of one API that are no faults.

    *stateful_enums* are methods and pointers of enums whose members may be refused because of what
    is stored; *hidden_inputs* properties that can be set although the document does not say so;
    *unknown_id_is_400* methods and templates that answer 400 for an id that does not exist.
    """

    stateful_enums: frozenset[tuple[str, str]] = frozenset()
    hidden_inputs: frozenset[str] = frozenset()
    unknown_id_is_400: frozenset[tuple[str, str]] = frozenset()

    def may_refuse(self, operation: Operation, pointer: str) -> bool:
        return (operation.method, pointer) in self.stateful_enums

    def is_unknown_id_400(self, operation: Operation) -> bool:
        return (operation.method, operation.template) in self.unknown_id_is_400


_BY_DOMAIN: Final[Mapping[str, Exceptions]] = {
    "calcom": Exceptions(
        # Source: reference event-types.md section 8.2: a change of schedulingType needs hosts.
        stateful_enums=frozenset({("PATCH", "schedulingType")}),
        # Source: reference event-types.md section 8.1: taken, and hidden from the documents.
        hidden_inputs=frozenset({"rrHostSubsetEnabled"}),
        # Source: reference event-types.md section 8.2: `Event type to update not found`.
        unknown_id_is_400=frozenset({("PATCH", _TEAM_EVENT_TYPE)}),
    )
}


def exceptions_of(yardstick: Yardstick) -> Exceptions:
    return _BY_DOMAIN.get(yardstick.domain, Exceptions())
