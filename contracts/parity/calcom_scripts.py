"""Scripts for Cal.com: what people do with event types and their private links, and what is known
to be handled with less care than the document says.

Sources: the reference pages on event types and private links, by which the values are chosen.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta, timezone
from functools import partial
from typing import Final, TypeAlias

from contracts.actors import ANONYMOUS, OTHER, OWNER
from contracts.exchange import Exchange
from contracts.stops import NotJudged
from contracts.suites import provisions
from contracts.suites.lifecycle.calcom.world import LINKS_OF, iso_text, text, whole_ms
from contracts.suites.lifecycle.things import Thing, things_of
from contracts.suites.session import Case, Session
from contracts.yardstick import Yardstick
from mockserver.model import MISSING, Document, Json

_TEXT_FIELD: Final = {
    "type": "text",
    "slug": "company",
    "label": "Company",
    "required": False,
    "placeholder": "Acme",
}
_EMAIL_FIELD: Final = {"type": "email", "label": "E-mail", "placeholder": "you@example.test"}
_RECURRENCE: Final = {"interval": 1, "occurrences": 4, "frequency": "weekly"}
_SEATS: Final = {"seatsPerTimeSlot": 3, "showAttendeeInfo": True, "showAvailabilityCount": True}
_ADDRESS: Final = {"type": "address", "address": "1 Main Street"}
_LINK: Final = {"type": "link", "link": "https://meet.example.test/room", "public": True}

_UPDATES: Final[Mapping[str, tuple[Document, Sequence[Document]]]] = {
    "recurrence": ({"recurrence": _RECURRENCE}, [{"recurrence": {"disabled": True}}]),
    "guests": (
        {"bookingFields": [_TEXT_FIELD]},
        [{"disableGuests": True}, {"disableGuests": False}],
    ),
    "limits": (
        {"bookingLimitsCount": {"day": 2, "week": 5}},
        [{"bookingLimitsCount": {"disabled": True}}, {"bookingLimitsCount": {"month": 9}}],
    ),
    "seats": ({"seats": _SEATS}, [{"seats": {"disabled": True}}, {"seats": _SEATS}]),
    "confirmation": (
        {"requiresConfirmation": True},
        [{"requiresConfirmation": False}, {"confirmationPolicy": {"disabled": True}}],
    ),
    "video": ({"calVideoSettings": {"disableRecordingForGuests": True}}, [{}]),
    "window": (
        {"bookingWindow": {"type": "businessDays", "value": 30, "rolling": True}},
        [{"bookingWindow": {"disabled": True}}],
    ),
    "locations": ({"locations": [_LINK]}, [{"locations": [_ADDRESS]}]),
    "email": ({"bookingFields": [_EMAIL_FIELD]}, [{"bookingFields": [{**_EMAIL_FIELD}]}]),
    "nulls": ({}, [{"title": None}, {"hidden": None}, {"description": None}]),
    "names": ({"slug": "A & B"}, [{"slug": "Größe, neu"}, {"title": "日本語 <b>"}]),
}
"""What an event type is made with, and how it is changed then."""

_ODD: Final[Sequence[Document]] = (
    {"description": None, "locations": None},
    {"bookingFields": [None]},
    {"bookingLimitsCount": {"day": "two"}},
    {"bookingLimitsCount": {"day": 0}},
    {"color": {"lightThemeHex": "#ffffff"}},
    {"bookingWindow": {"type": "range", "value": ["2031-01-01"]}},
    {"confirmationPolicy": {"type": "always"}},
    {"successRedirectUrl": "example.test"},
    {"locations": [{"type": "phone", "phone": "+49 30 123-456", "public": True}]},
    {"recurrence": _RECURRENCE, "seats": _SEATS},
    {"scheduleId": 999999},
    {"locations": []},
    {"bookingFields": [_TEXT_FIELD, _TEXT_FIELD]},
)
"""Single settings that a server may refuse, or let pass."""

_LINK_BODIES: Final[Sequence[Json]] = (
    {},
    {"maxUsageCount": 3},
    {"maxUsageCount": 0},
    {"maxUsageCount": 2147483648},
    {"maxUsageCount": 1.5},
    {"maxUsageCount": "3"},
    {"maxUsageCount": None},
    {"expiresAt": None, "maxUsageCount": 2},
    {"expiresAt": "2031-01-01"},
    {"expiresAt": 1924992000000},
    {"expiresAt": True},
    {"expiresAt": "tomorrow"},
    {"usageCount": 7, "linkId": "mine", "isExpired": True, "maxUsageCount": 2},
)

Act: TypeAlias = Callable[["Stage"], None]


class Stage:
    """One kind of event types and their private links: a user's, or a team's."""

    def __init__(self, session: Session, event_types: Thing, links: Thing) -> None:
        self.session = session
        self._event_types = event_types
        self._links = links

    @property
    def is_of_team(self) -> bool:
        return self._event_types.resource.name != "event-types"

    def make(self, **settings: Json) -> str:
        """The id of a new event type. Raises NotJudged."""
        return self._id(self.try_make(**settings), "id")

    def try_make(self, **settings: Json) -> Exchange:
        operation = self._event_types.operation("create")
        body = provisions.new_body(self.session, operation, **settings)
        return self.session.call(operation, self._path(), body=body)

    def on(self, kind: str, id: str, body: Json = MISSING) -> Exchange:
        """Read, change or delete an event type."""
        operation = self._event_types.operation(kind)
        return self.session.call(operation, self._path(eventTypeId=id), body=body)

    def list(self, *query: tuple[str, str], actor: str = OWNER) -> Exchange:
        operation = self._event_types.operation("list")
        return self.session.call(operation, self._path(), query=query, actor=actor)

    def make_link(self, event_type: str, body: Json) -> str:
        """Raises NotJudged."""
        return self._id(self.try_link(event_type, body), "linkId")

    def try_link(self, event_type: str, body: Json) -> Exchange:
        operation = self._links.operation("create")
        return self.session.call(operation, self._path(eventTypeId=event_type), body=body)

    def on_link(self, kind: str, event_type: str, link: str, body: Json = MISSING) -> Exchange:
        operation = self._links.operation(kind)
        path = self._path(eventTypeId=event_type, linkId=link)
        return self.session.call(operation, path, body=body)

    def links(self, event_type: str) -> Exchange:
        operation = self._links.operation("list")
        return self.session.call(operation, self._path(eventTypeId=event_type))

    def use(self, link: str) -> None:
        if self.session.bench.target.can_count_uses:
            self.session.bench.target.count_use(link)

    def wait(self, span: timedelta) -> None:
        target = self.session.bench.target
        target.wait_until(target.now() + span)

    def soon(self, span: timedelta) -> str:
        return iso_text(whole_ms(self.session.now()) + span)

    def soon_at(self, offset: timedelta, span: timedelta) -> str:
        """The same instant, told by a clock that is so far from UTC."""
        instant = (whole_ms(self.session.now()) + span).astimezone(timezone(offset))
        return instant.isoformat(timespec="milliseconds")

    def shown(self, exchange: Exchange) -> Document:
        """What an answer shows; of several, which a managed event type comes with, the first."""
        found = provisions.payload(self.session, exchange)
        if isinstance(found, list) and found:
            found = found[0]
        return found if isinstance(found, dict) else {}

    def _path(self, **given: str) -> dict[str, str]:
        return {**self.session.bench.bindings, **given}

    def _id(self, exchange: Exchange, name: str) -> str:
        shown = self.shown(exchange)
        if name not in shown:
            raise NotJudged(f"nothing was made: {exchange.response.status}")
        return text(shown[name])


def cases(yardstick: Yardstick) -> Iterator[Case]:
    """Every script, for users and for teams."""
    named = {one.resource.name: one for one in things_of(yardstick) if one.has("create")}
    pairs = [(named.get(one), named.get(links)) for one, links in LINKS_OF.items()]
    for event_types, links in pairs:
        if event_types is None or links is None:
            continue
        for name, act in _scripts(is_first=event_types.resource.name == "event-types"):
            run = partial(_staged, act, event_types, links)
            yield Case("script", event_types.operation("create").label, name, run)


def _staged(act: Act, event_types: Thing, links: Thing, session: Session) -> None:
    act(Stage(session, event_types, links))


def _scripts(*, is_first: bool) -> Iterator[tuple[str, Act]]:
    """Settings are those of users and teams alike, so they change for the first only."""
    yield "links-are-created", _links_are_created
    yield "links-change", _links_change
    yield "links-end", _links_end
    yield "links-end-otherwise", _links_end_otherwise
    yield "event-types-are-listed", _event_types_are_listed
    for name, (settings, changes) in _UPDATES.items() if is_first else ():
        yield f"settings-{name}", partial(_settings_change, settings, changes)
    yield "settings-odd", _odd_settings
    yield "refused-settings", _refused_settings
    yield "hosts", _hosts


def _links_are_created(stage: Stage) -> None:
    event_type = stage.make()
    stage.try_link(event_type, {"expiresAt": stage.soon(timedelta(days=1))})
    stage.try_link(event_type, {"expiresAt": stage.soon(timedelta(days=1)), "maxUsageCount": 2})
    for body in _LINK_BODIES:
        stage.try_link(event_type, body)
    stage.links(event_type)


def _links_change(stage: Stage) -> None:
    event_type = stage.make()
    date = stage.soon(timedelta(days=2))
    changes: Sequence[Json] = (
        {},
        {"maxUsageCount": 4},
        {"expiresAt": date},
        {"expiresAt": date, "maxUsageCount": 5},
        {"expiresAt": None},
        {"maxUsageCount": None},
        {"maxUsageCount": 0},
        {"maxUsageCount": -1},
        {"maxUsageCount": 2.5},
        {"maxUsageCount": 2147483648},
        {"expiresAt": "2031-01-01"},
        {"expiresAt": "tomorrow"},
        {"usageCount": 9},
    )
    for change in changes:
        link = stage.make_link(event_type, {"expiresAt": stage.soon(timedelta(days=1))})
        stage.on_link("update", event_type, link, change)
    counted = stage.make_link(event_type, {"maxUsageCount": 2})
    stage.on_link("update", event_type, counted, {"expiresAt": date})
    stage.on_link("update", event_type, counted, {"maxUsageCount": 1})
    stage.links(event_type)
    stage.on("update", event_type, {"lengthInMinutes": 45})
    stage.links(event_type)


def _links_end(stage: Stage) -> None:
    event_type = stage.make()
    counted = stage.make_link(event_type, {"maxUsageCount": 2})
    for _ in range(3):
        stage.use(counted)
        stage.links(event_type)
    dated = stage.make_link(event_type, {"expiresAt": stage.soon(timedelta(seconds=20))})
    stage.use(dated)
    for seconds in (19, 1, 1):
        stage.wait(timedelta(seconds=seconds))
        stage.links(event_type)
    stage.on_link("delete", event_type, dated)
    stage.on_link("delete", event_type, dated)
    stage.on("delete", event_type)
    stage.links(event_type)


def _links_end_otherwise(stage: Stage) -> None:
    """By a maximum that is lowered below the uses there were, and by dates with an offset."""
    event_type = stage.make()
    counted = stage.make_link(event_type, {"maxUsageCount": 3})
    for _ in range(2):
        stage.use(counted)
    stage.on_link("update", event_type, counted, {"maxUsageCount": 1})
    stage.use(counted)
    for hours in (2, -5):
        date = stage.soon_at(timedelta(hours=hours), timedelta(hours=1))
        stage.try_link(event_type, {"expiresAt": date})
    stage.links(event_type)
    stage.wait(timedelta(hours=1, seconds=1))
    stage.links(event_type)


def _event_types_are_listed(stage: Stage) -> None:
    first, second = stage.shown(stage.try_make()), stage.shown(stage.try_make(hidden=True))
    slug = text(first.get("slug", ""))
    asked: list[tuple[tuple[str, str], ...]] = [(), (("eventSlug", slug),)]
    users = _named(stage.session)
    if not stage.is_of_team and users:
        asked += [(("username", users),), (("username", users), ("eventSlug", slug))]
        asked += [(("usernames", f"{users},understudy"),), (("username", "understudy"),)]
        asked += [(("sortCreatedAt", order),) for order in ("asc", "desc")]
    for query in asked:
        stage.list(*query)
    for actor in (ANONYMOUS, OTHER):
        stage.list(*((("username", users),) if users and not stage.is_of_team else ()), actor=actor)
    for document in (first, second):
        if "id" in document:
            stage.on("read", text(document["id"]))
    if "id" in first:
        stage.on("delete", text(first["id"]))
    for query in asked[:4]:
        stage.list(*query)


def _settings_change(settings: Document, changes: Sequence[Document], stage: Stage) -> None:
    event_type = stage.make(**settings)
    stage.on("read", event_type)
    for change in changes:
        stage.on("update", event_type, change)
    stage.on("read", event_type)
    stage.list()
    stage.on("delete", event_type)


def _odd_settings(stage: Stage) -> None:
    event_type = stage.make()
    for settings in _ODD:
        stage.try_make(**settings)
        stage.on("update", event_type, settings)
    stage.list()
    stage.on("read", event_type)


def _refused_settings(stage: Stage) -> None:
    """A create that is refused for two settings that exclude one another leaves nothing."""
    stage.try_make(recurrence=_RECURRENCE, seats=_SEATS)
    stage.list()


def _hosts(stage: Stage) -> None:
    """Only event types of teams have hosts, and children."""
    if not stage.is_of_team:
        return
    managed = stage.make(schedulingType="managed", assignAllTeamMembers=True)
    member = _first_host(stage.shown(stage.on("read", managed)))
    for priority in ("lowest", "high"):
        host = {"userId": member, "priority": priority, "mandatory": False}
        stage.try_make(schedulingType="roundRobin", hosts=[host])
    collective = stage.try_make(schedulingType="collective", hosts=[{"userId": member}])
    document = stage.shown(collective)
    for kind in ("COLLECTIVE", "ROUND_ROBIN", "MANAGED"):
        stage.try_make(schedulingType=kind)
    if "id" in document:
        stage.on("update", text(document["id"]), {"slug": document["slug"]})
    stage.list()
    _own_list(stage.session)


def _own_list(session: Session) -> None:
    """The user's own list, where children of managed event types stand as well."""
    for thing in things_of(session.yardstick):
        if thing.resource.name == "event-types" and thing.has("list"):
            exchange = session.call(thing.operation("list"), {})
            rows = provisions.payload(session, exchange)
            for row in rows[-2:] if isinstance(rows, list) else ():
                session.call(thing.operation("read"), {"eventTypeId": text(row["id"])})


def _first_host(shown: Document) -> int:
    for host in shown.get("hosts") or ():
        if isinstance(host, dict) and isinstance(host.get("userId"), int):
            return int(host["userId"])
    raise NotJudged("needs an event type of a team with a host")


def _named(session: Session) -> str:
    """The user name of the one who asks, as the profile tells it."""
    for operation in session.yardstick.operations:
        if operation.method == "GET" and operation.path.endswith("/me"):
            shown = session.call(operation, {}).response.json
            data = shown.get("data") if isinstance(shown, dict) else None
            return str(data.get("username", "")) if isinstance(data, dict) else ""
    return ""
