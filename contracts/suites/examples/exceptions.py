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
    *unknown_id_is_400* methods and templates that answer 400 for an id that does not exist;
    *other_versions* templates, and a version of other operations that they do not have.
    """

    stateful_enums: frozenset[tuple[str, str]] = frozenset()
    hidden_inputs: frozenset[str] = frozenset()
    unknown_id_is_400: frozenset[tuple[str, str]] = frozenset()
    other_versions: tuple[tuple[str, str], ...] = ()

    def may_refuse(self, operation: Operation, pointer: str) -> bool:
        return (operation.method, pointer) in self.stateful_enums

    def is_unknown_id_400(self, operation: Operation) -> bool:
        return (operation.method, operation.template) in self.unknown_id_is_400

    def versions_not_served(self, operation: Operation) -> tuple[str, ...]:
        """Versions that the API has, and this operation has not."""
        return tuple(
            version for template, version in self.other_versions if template == operation.template
        )


_BY_DOMAIN: Final[Mapping[str, Exceptions]] = {
    "calcom": Exceptions(
        # Source: reference event-types.md section 8.2: a change of schedulingType needs hosts.
        stateful_enums=frozenset({("PATCH", "schedulingType")}),
        # Source: reference event-types.md section 8.1: taken, and hidden from the documents.
        hidden_inputs=frozenset({"rrHostSubsetEnabled"}),
        # Source: reference event-types.md section 8.2: `Event type to update not found`.
        unknown_id_is_400=frozenset({("PATCH", _TEAM_EVENT_TYPE)}),
        # Source: reference conventions.md section 4: no handler for that version, so 404.
        other_versions=(
            ("/v2/event-types", "2024-09-04"),
            ("/v2/event-types/{eventTypeId}", "2024-09-04"),
        ),
    )
}


def exceptions_of(yardstick: Yardstick) -> Exceptions:
    return _BY_DOMAIN.get(yardstick.domain, Exceptions())
