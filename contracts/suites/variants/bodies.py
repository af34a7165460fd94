"""Request bodies that hold a wanted variant, and bodies that hold none."""

from collections.abc import Iterator, Sequence
from typing import Final

from contracts.checks.variants import judged
from contracts.checks.variants_places import Occurrence, Place, Schema, Step
from contracts.suites.provisions import new_body, unique_name
from contracts.suites.session import Session
from mockserver.model import MISSING, Document, Json
from mockserver.openapi import Direction

_SEEDS: Final = (1, 2, 3)
_NO_TAG: Final = "understudy-no-such-variant"
_NAMES: Final = ("title", "name", "slug")


def values_of(session: Session, place: Place, index: int) -> Iterator[Json]:
    """Values that fit the one variant *index* and no other: the plainest sample, the same with
    less, then made up ones."""
    yardstick, whole = session.yardstick, place.branches[index].whole
    pointer = f"{place.pointer}/{index}"
    given: list[Json] = []
    for seed in (0, *_SEEDS):
        value = yardstick.sampler.sample(
            whole, seed=seed, pointer=pointer, dynamic=seed > 0, direction="request"
        )
        for one in (value, lean(session, whole, value)):
            one = _tagged(place, index, one)
            if one not in given and is_only(session, place, one, index, "request"):
                given.append(one)
                yield one


def wrong_values(session: Session, occurrence: Occurrence, place: Place) -> list[Json]:
    """Values that fit no variant: an unknown tag, an empty object, another type."""
    wrong: list[Json] = []
    tag = place.tag or _common_tag(place)
    sample = next(values_of(session, place, 0), MISSING)
    if tag and isinstance(sample, dict):
        wrong.append({**sample, tag: _NO_TAG})
    wrong += [{}, _NO_TAG, 12.5]
    return [
        value
        for value in wrong
        if not judged(session.yardstick, place, value, "request").fitting
        and not _is_valid(session, occurrence, body_with(session, occurrence, value))
    ]


def body_with(session: Session, occurrence: Occurrence, value: Json) -> Json:
    """The least body of the operation with *value* at the place.

    Raises NotJudged as `new_body` does.
    """
    base = new_body(session, occurrence.operation)
    if not occurrence.route:
        return _named(session, base, value)
    return _put(session, base, occurrence.schema, occurrence.route, value)


def is_good_body(session: Session, occurrence: Occurrence, place: Place, body: Json) -> bool:
    """Whether the document lets *body* be sent. Of discriminators, compiled schemas know nothing:
    where the place has one, `values_of` has asked it."""
    return bool(place.tag) or _is_valid(session, occurrence, body)


def is_only(session: Session, place: Place, value: Json, index: int, direction: Direction) -> bool:
    """Whether *value* fits the variant *index*, and no other where only one may fit."""
    judgement = judged(session.yardstick, place, value, direction)
    return index in judgement.fitting and judgement.is_good


def lean(session: Session, schema: Schema, value: Json) -> Json:
    """*value* without the properties that its schema can do without."""
    if not isinstance(value, dict):
        return value
    validator = session.yardstick.validator(schema, "request")
    for name in list(value):
        less = {key: value[key] for key in value if key != name}
        if validator.is_valid(less):
            value = less
    return value


def made_distinct(session: Session, place: Place, values: Sequence[Json]) -> list[Json]:
    """*values* with texts that all would share made different, where the variant allows."""
    distinct: list[Json] = []
    for number, value in enumerate(values):
        if isinstance(value, dict):
            before = [one for one in distinct if isinstance(one, dict)]
            for name, text in value.items():
                if any(one.get(name) == text for one in before) and isinstance(text, str):
                    value = _differing(session, place, value, name, f"{text}-{number + 1}")
        distinct.append(value)
    return distinct


def _differing(session: Session, place: Place, value: Document, name: str, text: str) -> Document:
    changed = {**value, name: text}
    fitting = judged(session.yardstick, place, value, "request").fitting
    return (
        changed
        if judged(session.yardstick, place, changed, "request").fitting == fitting
        else value
    )


def _put(
    session: Session, base: Json, schema: Schema, route: tuple[Step, ...], value: Json
) -> Json:
    """*base* with *value* at the end of *route*; what is missing on the way is made up."""
    if not route:
        return value
    step, rest = route[0], route[1:]
    match step.kind:
        case "property":
            holder = base if isinstance(base, dict) else _least(session, schema)
            inside = holder.get(step.name, MISSING)
            return {**holder, step.name: _put(session, inside, step.schema, rest, value)}
        case "entry":
            holder = base if isinstance(base, dict) else {}
            return {**holder, "understudy": _put(session, MISSING, step.schema, rest, value)}
        case "item":
            return [_put(session, MISSING, step.schema, rest, value)]
    validator = session.yardstick.validator(step.schema, "request")
    is_kept = base is not MISSING and validator.is_valid(base)
    holder = base if is_kept else _least(session, step.schema)
    return _put(session, _named(session, base, holder), step.schema, rest, value)


def _least(session: Session, schema: Schema) -> Document:
    value = session.yardstick.sampler.sample(schema, direction="request")
    least = lean(session, schema, value)
    return least if isinstance(least, dict) else {}


def _named(session: Session, base: Json, value: Json) -> Json:
    """*value* with the names that tell the run, as *base* has them."""
    if not isinstance(base, dict) or not isinstance(value, dict):
        return value
    names = [name for name in _NAMES if isinstance(value.get(name), str) and name in base]
    marks = {name: unique_name(session, is_slug=name == "slug") for name in names}
    return {**value, **marks}


def _is_valid(session: Session, occurrence: Occurrence, body: Json) -> bool:
    return session.yardstick.validator(occurrence.schema, "request").is_valid(body)


def _tagged(place: Place, index: int, value: Json) -> Json:
    """*value* with the discriminator's value of its variant."""
    tag = next((tag for tag, number in place.tagged.items() if number == index), None)
    if tag is None or not isinstance(value, dict):
        return value
    if place.tagged.get(str(value.get(place.tag))) == index:
        return value
    return {**value, place.tag: tag}


def _common_tag(place: Place) -> str:
    """The first property by which every variant can be told."""
    first = place.branches[0].tags
    shared = (name for name in first if all(name in one.tags for one in place.branches))
    return next(shared, "")
