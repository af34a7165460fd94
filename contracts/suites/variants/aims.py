"""Bodies that should make an API answer with a wanted variant."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from contracts.checks.variants_places import Occurrence, Place, Variants, properties_in, tags_of
from contracts.suites.provisions import action_of, new_body
from contracts.suites.session import Session
from contracts.suites.variants.bodies import body_with, lean, made_distinct, values_of
from mockserver.model import MISSING, Json
from mockserver.openapi import Operation

_MOST_MEMBERS: Final = 12


@dataclass(frozen=True, slots=True)
class Aim:
    """A body to send; *instead* is what to send where it is refused."""

    body: Json
    instead: tuple[Json, ...] = ()


def aims(session: Session, variants: Variants, place: Place, operation: Operation) -> Iterator[Aim]:
    """Bodies for *operation*, made while others are sent, so that names stay unique.

    Where the request has variants under the same name as the answer: one body for each, or one
    list with all. Where the answer itself is a variant: the properties that only this one has.
    """
    if session.yardstick.request_schema(operation) is None:
        yield Aim(MISSING)
        return
    name = shown_name(session, place)
    if not name:
        yield from _by_properties(session, place, operation)
        return
    is_empty = True
    for other in variants.places:
        for occurrence in other.at("request"):
            if occurrence.operation is operation and _last(occurrence) == name:
                is_empty = False
                yield from _by_variants(session, other, occurrence)
    if is_empty:
        yield Aim(new_body(session, operation))


def shown_name(session: Session, place: Place) -> str:
    """The property that an answer shows the variants in; `` where the answer itself is one."""
    for occurrence in place.at("response"):
        action = action_of(session, occurrence.operation)
        path = tuple(key for key in occurrence.path if key != "[]")
        if action is not None and action.envelope is not None and action.envelope.path == path:
            return ""
    occurrence = place.at("response")[0]
    return _last(occurrence)


def members(session: Session, operation: Operation) -> Iterator[Aim]:
    """A body for each listed value of a required property at the top."""
    schema = session.yardstick.request_schema(operation)
    if schema is None:
        return
    tags = tags_of(session.yardstick.document, schema)
    found = [(name, value) for name, values in tags.items() for value in values]
    for name, value in found[:_MOST_MEMBERS]:
        yield Aim(new_body(session, operation, **{name: value}))


def _by_variants(session: Session, place: Place, occurrence: Occurrence) -> Iterator[Aim]:
    values = [next(values_of(session, place, index), MISSING) for index in range(len(place.names))]
    values = [value for value in values if value is not MISSING]
    if not values:
        return
    if occurrence.path[-1:] == ("[]",) and len(values) > 1:
        body = body_with(session, occurrence, values[0])
        distinct, way = made_distinct(session, place, values), occurrence.path[:-1]
        alone = tuple(body_with(session, occurrence, value) for value in values)
        yield Aim(_with_all(body, way, distinct), alone)
        # where some shut out others, those at the head tend to stay
        yield Aim(_with_all(body_with(session, occurrence, values[0]), way, distinct[::-1]))
        return
    for value in values:
        yield Aim(body_with(session, occurrence, value))


def _by_properties(session: Session, place: Place, operation: Operation) -> Iterator[Aim]:
    document = session.yardstick.document
    schema = session.yardstick.request_schema(operation)
    accepted = properties_in(document, schema) if schema is not None else {}
    declared = [set(properties_in(document, branch.schema)) for branch in place.branches]
    shared = set.intersection(*declared)
    own = [(names - shared) & accepted.keys() for names in declared]
    if not all(declared) or not any(own):
        yield Aim(new_body(session, operation))
        return
    for names in own:
        foreign = set().union(*own) - names
        body = new_body(session, operation)
        if not isinstance(body, dict):
            return
        kept = {key: value for key, value in body.items() if key not in foreign}
        yield Aim(kept | {name: _sample(session, accepted[name], name) for name in sorted(names)})


def _sample(session: Session, schema: Json, name: str) -> Json:
    value = session.yardstick.sampler.sample(schema, pointer=name, direction="request")
    return lean(session, schema, value)


def _with_all(body: Json, way: tuple[str, ...], values: list[Json]) -> Json:
    """*body* with all *values* in the list that *way* leads to."""
    if not way:
        return values
    if isinstance(body, list):
        return [_with_all(body[0], way[1:], values), *body[1:]]
    key = "understudy" if way[0] == "*" else way[0]
    return {**body, key: _with_all(body[key], way[1:], values)}


def _last(occurrence: Occurrence) -> str:
    names = [key for key in occurrence.path if key not in ("[]", "*")]
    return names[-1] if names else ""
