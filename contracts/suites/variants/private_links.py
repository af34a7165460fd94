"""Private links of Cal.com: a link is of the kind that was asked for, in every answer.

Source: seed "Get all private links for an event type" (a link is time-based with `expiresAt`, or
usage-based with `maxUsageCount` and `usageCount`) and seed "Update a private link for a team event
type" (the answer shows the updated link, either kind); reference private-links.md sections 5 to 8.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from contracts.checks.variants import answer_judgements
from contracts.checks.variants_places import Variants
from contracts.exchange import Exchange
from contracts.findings import Severity
from contracts.stops import NotJudged
from contracts.suites.provisions import Item, item_of, operation_of, path_values, payload
from contracts.suites.session import Case, Options, Session, answer_text
from contracts.suites.variants.watch import watching
from mockserver.model import Document, Json
from mockserver.openapi import Resource

_SEED: Final = 'seed "Get all private links for an event type"'
_CHANGE: Final = "reference private-links.md section 8, documented profile"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of link: its schema, the properties that only it has, and what asks for it."""

    name: str
    variant: str
    own: tuple[str, ...]
    asking: Document


DATED: Final = Kind(
    "time-based",
    "TimeBasedPrivateLinkOutput",
    ("expiresAt",),
    {"expiresAt": "2099-12-31T23:59:59.000Z"},
)
COUNTED: Final = Kind(
    "usage-based",
    "UsageBasedPrivateLinkOutput",
    ("maxUsageCount", "usageCount"),
    {"maxUsageCount": 7},
)
KINDS: Final = (DATED, COUNTED)


def link_cases(variants: Variants, options: Options) -> Iterator[Case]:
    """Cases for the links of users, and of teams too unless the run is quick."""
    resources = _link_resources(variants)
    for resource in resources[:1] if options.quick else resources:
        for kind, rule, run in (
            ("create", "link-of-each-kind", _make_each),
            ("list", "links-listed-by-kind", _list_each),
            ("update", "link-changes-kind", _change_each),
        ):
            label = _label(variants, resource, kind)
            if label:
                done = partial(run, variants=variants, resource=resource)
                yield Case("variants", label, rule, done, writes=True)


def _make_each(session: Session, variants: Variants, resource: Resource) -> None:
    """A link of each kind is made; one of both kinds is refused."""
    with watching(session, variants):
        for kind in KINDS:
            link = _made(session, resource, kind)
            _expect_kind(session, variants, link.exchange, kind)
        operation = operation_of(session, resource, "create")
        assert operation is not None  # it has just made two
        both = DATED.asking | COUNTED.asking
        exchange = session.call(operation, path_values(session, operation), body=both)
        session.expect(
            not exchange.is_success,
            "link-of-both-kinds",
            exchange,
            message="a link was made from a date and a number of uses together",
            expected="400: only one of expiresAt and maxUsageCount may be given",
            source="reference private-links.md section 5",
            severity=Severity.MEDIUM,
        )


def _list_each(session: Session, variants: Variants, resource: Resource) -> None:
    """The list shows each link as the kind that it was made as."""
    with watching(session, variants):
        made = [(kind, _made(session, resource, kind)) for kind in KINDS]
        for kind, link in made:
            _expect_listed(session, variants, link, kind, (link.exchange,))


def _change_each(session: Session, variants: Variants, resource: Resource) -> None:
    """A link of each kind is changed to the other and back, and then deleted."""
    with watching(session, variants):
        for kind, other in (KINDS, KINDS[::-1]):
            link = _made(session, resource, kind)
            story: list[Exchange] = [link.exchange]
            before = kind
            for after in (kind, other, kind):
                exchange = _changed(session, variants, link, before, after, story)
                if exchange is None:
                    break
                story.append(exchange)
                _expect_listed(session, variants, link, after, story)
                before = after
            _expect_gone(session, link, story)


def _made(session: Session, resource: Resource, kind: Kind) -> Item:
    """A new link, from what asks for its kind and nothing else. Raises NotJudged."""
    operation = operation_of(session, resource, "create")
    assert operation is not None  # that is how links were found
    path = path_values(session, operation)
    exchange = session.call(operation, path, body=kind.asking)
    link = item_of(session, exchange)
    if link is None:
        raise NotJudged(f"needs a {kind.name} link: {answer_text(exchange)}")
    return link


def _changed(
    session: Session,
    variants: Variants,
    link: Item,
    before: Kind,
    after: Kind,
    story: Sequence[Exchange],
) -> Exchange | None:
    """The answer to changing *link* to a kind; None where it was refused."""
    operation = operation_of(session, link.resource, "update")
    assert operation is not None  # the case is about it
    exchange = session.call(operation, link.path, body=after.asking)
    is_taken = session.expect(
        exchange.is_success,
        "link-change-refused",
        exchange,
        message=f"a {before.name} link could not be made {after.name}",
        expected=f"200 with a {after.name} link",
        source=_CHANGE,
        cause=f"{before.name} {after.name}",
        story=story,
    )
    if not is_taken:
        return None
    _expect_kind(session, variants, exchange, after, before=before, story=story)
    shown = payload(session, exchange)
    session.expect(
        isinstance(shown, dict) and shown.get(link.resource.id_field) == link.id,
        "link-id-changed",
        exchange,
        message="the link has another linkId after a change",
        expected="the same linkId: the answer shows the updated link",
        source='seed "Update a private link for a team event type"',
        cause=f"{before.name} {after.name}",
        story=story,
    )
    return exchange


def _expect_kind(
    session: Session,
    variants: Variants,
    exchange: Exchange,
    kind: Kind,
    *,
    before: Kind | None = None,
    link: Item | None = None,
    story: Sequence[Exchange] = (),
) -> None:
    """The answer, or the entry of *link* in it, is of *kind* and shows nothing of the other.

    What fits no kind or both has a finding of its own already.
    """
    shown = payload(session, exchange)
    for judgement in answer_judgements(variants, exchange):
        is_asked = judgement.value is shown if link is None else _is(judgement.value, link)
        if not is_asked or judgement.branch is None:
            continue
        other = DATED if kind is COUNTED else COUNTED
        foreign = [name for name in other.own if name in judgement.value]
        after = f" after a change from {before.name}" if before else ""
        session.expect(
            not foreign,
            "link-kind",
            exchange,
            message=f"a {kind.name} link is shown with {', '.join(foreign)}{after}",
            expected=f"a {kind.variant}, with {' and '.join(kind.own)} only",
            source=_CHANGE if before else _SEED,
            cause=f"{kind.name} {before.name if before else ''} {'in list' if link else ''}",
            story=story,
        )


def _expect_listed(
    session: Session, variants: Variants, link: Item, kind: Kind, story: Sequence[Exchange]
) -> None:
    exchange, entries = _listed(session, link)
    _expect_kind(session, variants, exchange, kind, link=link, story=story)
    session.expect(
        len(entries) == 1,
        "link-listed-once",
        exchange,
        message=f"the list shows a {kind.name} link {len(entries)} times",
        expected="each link of the event type once, whatever its kind",
        source="reference private-links.md section 7",
        cause=kind.name,
        story=story,
    )


def _expect_gone(session: Session, link: Item, story: Sequence[Exchange]) -> None:
    """Once deleted, the list shows it as no kind."""
    operation = operation_of(session, link.resource, "delete")
    if operation is None:
        return
    deleted = session.call(operation, link.path)
    exchange, entries = _listed(session, link)
    session.expect(
        not entries,
        "link-listed-once",
        exchange,
        message="a link that changed its kind is still listed after it was deleted",
        expected="no entry with its linkId",
        source="reference private-links.md section 9",
        cause="deleted",
        story=(*story, deleted),
    )


def _listed(session: Session, link: Item) -> tuple[Exchange, list[Document]]:
    operation = operation_of(session, link.resource, "list")
    assert operation is not None  # links have a list
    exchange = session.call(operation, path_values(session, operation, link.path))
    shown = payload(session, exchange)
    return exchange, [one for one in shown if _is(one, link)] if isinstance(shown, list) else []


def _is(value: Json, link: Item) -> bool:
    return isinstance(value, dict) and value.get(link.resource.id_field) == link.id


def _link_resources(variants: Variants) -> list[Resource]:
    """The resources whose create answers with either kind."""
    wanted = {kind.variant for kind in KINDS}
    found: dict[str, Resource] = {}
    for place in variants.places:
        for one in place.at("response") if set(place.names) == wanted else ():
            driving = variants.yardstick.driving(one.operation)
            action = variants.yardstick.resources.get(driving.id)
            if action is not None and action.kind == "create":
                found[action.resource.collection_path] = action.resource
    return list(found.values())


def _label(variants: Variants, resource: Resource, kind: str) -> str:
    """The operation that does *kind* to the links of *resource*; `` for none."""
    yardstick = variants.yardstick
    for operation in yardstick.operations:
        action = yardstick.resources.get(yardstick.driving(operation).id)
        if action is None or action.kind != kind:
            continue
        if action.resource.collection_path == resource.collection_path:
            return operation.label
    return ""
