"""Event types and private links as cases handle them: of a user, and of a team."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias

from contracts.actors import OWNER
from contracts.exchange import Exchange
from contracts.stops import NotJudged
from contracts.suites import provisions
from contracts.suites.lifecycle.acts import item_in
from contracts.suites.lifecycle.rules import SUITE
from contracts.suites.lifecycle.things import Thing, things_of
from contracts.suites.session import Case, Options, Session, answer_text
from contracts.yardstick import Yardstick
from mockserver.model import MISSING, Document, Json
from mockserver.openapi import Operation

LINKS_OF: Final = {"event-types": "private-links", "team-event-types": "team-private-links"}
"""Resources of the document: event types, and their private links."""

Run: TypeAlias = Callable[["World"], None]


@dataclass(frozen=True, slots=True)
class World:
    """Event types and private links, with a session to act in."""

    session: Session
    event_types: Thing
    links: Thing

    @property
    def is_of_team(self) -> bool:
        return self.event_types.resource.name != "event-types"

    def new_event_type(self, *, actor: str = OWNER, **properties: Json) -> Document:
        """A new event type. Raises NotJudged."""
        exchange = self.create_event_type(actor=actor, **properties)
        return item_in(self.session, exchange).document

    def create_event_type(self, *, actor: str = OWNER, **properties: Json) -> Exchange:
        operation = self.event_types.operation("create")
        path = provisions.path_values(self.session, operation)
        body = provisions.new_body(self.session, operation, **properties)
        return self.session.call(operation, path, body=body, actor=actor)

    def event_type(
        self, kind: str, event_type: Document, *, body: Json = MISSING, actor: str = OWNER
    ) -> Exchange:
        """Do *kind* to an event type."""
        operation = self.event_types.operation(kind)
        return self.session.call(
            operation, self._path(operation, event_type), body=body, actor=actor
        )

    def create_link(
        self, event_type: Document, body: Json = MISSING, *, actor: str = OWNER
    ) -> Exchange:
        operation = self.links.operation("create")
        sent = {} if body is MISSING else body
        return self.session.call(
            operation, self._path(operation, event_type), body=sent, actor=actor
        )

    def new_link(self, event_type: Document, body: Json = MISSING) -> Document:
        """A new link, as the answer shows it. Raises NotJudged."""
        return item_in(self.session, self.create_link(event_type, body)).document

    def change_link(
        self, event_type: Document, link: Document, body: Json, *, actor: str = OWNER
    ) -> Exchange:
        return self._at_link("update", event_type, link, body, actor)

    def delete_link(self, event_type: Document, link: Document, *, actor: str = OWNER) -> Exchange:
        return self._at_link("delete", event_type, link, MISSING, actor)

    def list_links(self, event_type: Document, *, actor: str = OWNER) -> Exchange:
        operation = self.links.operation("list")
        return self.session.call(operation, self._path(operation, event_type), actor=actor)

    def link_now(self, event_type: Document, link: Document) -> tuple[Document, Exchange]:
        """The link as the list shows it now. Raises NotJudged where it does not (the generic rules
        judge that)."""
        exchange = self.list_links(event_type)
        for row in rows_of(self.session, exchange):
            if row.get("linkId") == link["linkId"]:
                return row, exchange
        raise NotJudged(f"the list did not show the link: {answer_text(exchange)}")

    def count_use(self, link: Document) -> bool:
        """One booking through *link*; False where the target refuses it. Raises NotJudged."""
        return self.session.bench.target.count_use(link["linkId"])

    def _at_link(
        self, kind: str, event_type: Document, link: Document, body: Json, actor: str
    ) -> Exchange:
        operation = self.links.operation(kind)
        given = {"eventTypeId": text(event_type["id"]), "linkId": text(link["linkId"])}
        path = provisions.path_values(self.session, operation, given)
        return self.session.call(operation, path, body=body, actor=actor)

    def _path(self, operation: Operation, event_type: Document) -> dict[str, str]:
        given = {"eventTypeId": text(event_type["id"])}
        return provisions.path_values(self.session, operation, given)


def text(id: Json) -> str:
    return provisions.text_of(id)


def document_in(session: Session, exchange: Exchange) -> Document:
    """The item that a successful answer shows. Raises NotJudged."""
    shown = provisions.payload(session, exchange) if exchange.is_success else None
    if not isinstance(shown, dict):
        raise NotJudged(f"expected an item, and got {answer_text(exchange)}")
    return shown


def rows_of(session: Session, exchange: Exchange) -> list[Document]:
    """The rows of a list; none where it was refused."""
    shown = provisions.payload(session, exchange) if exchange.is_success else None
    return [row for row in shown if isinstance(row, dict)] if isinstance(shown, list) else []


def iso_text(instant: datetime) -> str:
    """`2030-01-01T08:00:00.000Z`."""
    plain = instant.astimezone(UTC).replace(tzinfo=None)
    return f"{plain.isoformat(timespec='milliseconds')}Z"


def whole_ms(instant: datetime) -> datetime:
    """*instant* without the part of a millisecond, as answers tell it."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


@dataclass(frozen=True, slots=True)
class WorldRule:
    """*about* is `links` or `event_types`, *kind* the operation that the rule is about."""

    about: str
    kind: str
    name: str
    run: Run
    of_users: bool
    of_team: bool
    actors: tuple[str, ...]
    writes: bool
    is_slow: bool


class WorldRules:
    """The rules of one module. *of_users* and *of_team* tell for whose event types they hold."""

    def __init__(self, about: str, *, of_users: bool = True, of_team: bool = True) -> None:
        self._about = about
        self._of_users = of_users
        self._of_team = of_team
        self._rules: list[WorldRule] = []

    def on(
        self,
        kind: str,
        name: str,
        *,
        actors: Sequence[str] = (),
        writes: bool = True,
        is_slow: bool = False,
        of_team: bool | None = None,
    ) -> Callable[[Run], Run]:
        """Take a function in as a rule."""

        def enter(run: Run) -> Run:
            holds_for_teams = self._of_team if of_team is None else of_team
            rule = WorldRule(
                about=self._about,
                kind=kind,
                name=name,
                run=run,
                of_users=self._of_users,
                of_team=holds_for_teams,
                actors=tuple(actors),
                writes=writes,
                is_slow=is_slow,
            )
            self._rules.append(rule)
            return run

        return enter

    def __iter__(self) -> Iterator[WorldRule]:
        return iter(self._rules)


def cases_of_worlds(
    rules: Iterable[WorldRule], yardstick: Yardstick, options: Options
) -> Iterator[Case]:
    """A case for each rule, for users and where it holds for teams."""
    things = [one for one in things_of(yardstick) if one.has("create")]
    named = {one.resource.name: one for one in things}
    pairs = [(named.get(one), named.get(links)) for one, links in LINKS_OF.items()]
    for rule in rules:
        for event_types, links in pairs:
            if event_types is None or links is None or (rule.is_slow and options.quick):
                continue
            about = links if rule.about == "links" else event_types
            is_user = event_types.resource.name == "event-types"
            if about.has(rule.kind) and (rule.of_users if is_user else rule.of_team):
                yield _case(rule, event_types, links)


def _case(rule: WorldRule, event_types: Thing, links: Thing) -> Case:
    about = links if rule.about == "links" else event_types
    return Case(
        SUITE,
        about.operation(rule.kind).label,
        rule.name,
        lambda session: rule.run(World(session, event_types, links)),
        rule.actors,
        rule.writes,
    )
