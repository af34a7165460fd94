"""Whose things are whose, for APIs whose rules are known; each row says where it is from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from contracts.actors import OTHER
from contracts.yardstick import Yardstick
from mockserver.openapi import Operation

CALCOM: Final = "calcom"
_OWN: Final = "/v2/event-types"
_LINKS: Final = "/private-links"
_ORGANIZATION: Final = "/v2/organizations/{orgId}"
_TEAM: Final = f"{_ORGANIZATION}/teams/{{teamId}}/event-types"
_ROLES: Final = "reference teams-orgs.md section 2.4"
_READERS: Final = (
    "seed: an event type is given to its owner, hosts, and the admins and owners of its team or "
    "of the owner's organization; update and delete to the owner only"
)


@dataclass(frozen=True, slots=True)
class Row:
    """What an actor who is not the owner may do: *methods* on templates that start with *prefix*
    and have *part* in them (or do not, with `!`)."""

    actor: str
    prefix: str
    part: str
    methods: tuple[str, ...]
    is_allowed: bool
    source: str

    def is_about(self, operation: Operation) -> bool:
        template = operation.template
        has_part = self.part.lstrip("!") in template
        return (
            template.startswith(self.prefix)
            and operation.method in self.methods
            and (not has_part if self.part.startswith("!") else has_part)
        )


_ANY: Final = ("GET", "POST", "PATCH", "DELETE")
_CALCOM: Final = (
    # of a user: the owner alone, and for reading an event type the admins of her organization
    Row("admin", f"{_OWN}/{{eventTypeId}}", f"!{_LINKS}", ("GET",), True, _READERS),
    Row("admin", f"{_OWN}/{{eventTypeId}}", f"!{_LINKS}", ("PATCH", "DELETE"), False, _READERS),
    Row("admin", f"{_OWN}/{{eventTypeId}}", _LINKS, _ANY, False, _ROLES),
    Row("member", f"{_OWN}/{{eventTypeId}}", f"!{_LINKS}", _ANY, False, _READERS),
    Row("member", f"{_OWN}/{{eventTypeId}}", _LINKS, _ANY, False, _ROLES),
    Row(OTHER, f"{_OWN}/{{eventTypeId}}", f"!{_LINKS}", _ANY, False, _READERS),
    Row(OTHER, f"{_OWN}/{{eventTypeId}}", _LINKS, _ANY, False, _ROLES),
    # of a team in an organization: role TEAM_ADMIN for all but the list, which is public
    Row("admin", _TEAM, "", _ANY, True, f"{_ROLES}, 3.2"),
    Row("member", _TEAM, "{eventTypeId}", _ANY, False, f"{_ROLES}, 3.2"),
    Row("member", _TEAM, "!{eventTypeId}", ("POST",), False, f"{_ROLES}, 3.2"),
    Row("member", _TEAM, "!{eventTypeId}", ("GET",), True, "reference teams-orgs.md section 3.2"),
    Row(OTHER, _TEAM, "{eventTypeId}", _ANY, False, f"{_ROLES}, 3.2"),
    Row(OTHER, _TEAM, "!{eventTypeId}", ("POST",), False, f"{_ROLES}, 3.2"),
    # all teams of an organization
    Row("member", f"{_ORGANIZATION}/teams/event-types", "", ("GET",), False, f"{_ROLES}, 2.3"),
    Row(OTHER, f"{_ORGANIZATION}/teams/event-types", "", ("GET",), False, f"{_ROLES}, 2.3"),
)


def rows_of(yardstick: Yardstick, operation: Operation) -> Iterator[Row]:
    """What is known of who may do this operation on the owner's things; nothing for an API whose
    rules are not known."""
    if yardstick.domain == CALCOM:
        yield from (row for row in _CALCOM if row.is_about(operation))


def refuses_bad_credentials(yardstick: Yardstick, operation: Operation) -> bool:
    """Whether an operation that lets anybody in still refuses a credential that is not good.

    Source: reference conventions.md section 3.5 (optional authentication).
    """
    if {} not in yardstick.driving(operation).security:
        return False
    return yardstick.domain == CALCOM and operation.template == _OWN


def accepts_bare_credential(yardstick: Yardstick) -> bool:
    """Whether a credential without its scheme is good.

    Source: reference conventions.md section 3.1 (`Bearer ` is removed by a plain replace).
    """
    return yardstick.domain == CALCOM
