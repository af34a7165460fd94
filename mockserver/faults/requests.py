"""Requests that are taken though they are wrong, or refused though they are right."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from mockserver.behaviours.faults import Fault, Place, Plant
from mockserver.behaviours.registry import Behaviour, Call
from mockserver.errors import ApiError
from mockserver.faults.bodies import (
    Forgives,
    broken_rules,
    distinct,
    early,
    good_body,
    with_value,
)
from mockserver.faults.items import failed, payload_of, refusal, with_payload
from mockserver.faults.reaching import both, has_numeric_path, kinds, numeric_path_names, takes_body
from mockserver.faults.relations import unique_names, unique_sets
from mockserver.faults.schemas import (
    body_properties,
    first_choice,
    parts_of,
    properties_of,
    required_by,
    required_somewhere,
)
from mockserver.faults.stores import Blind, Watched, renamed, through, watched
from mockserver.model import MISSING, Document, Json, Reply, Violation
from mockserver.openapi import follow

CATEGORY = "Request validation"
ACCEPTED = "what the document forbids is accepted"

Mend = Callable[[Violation, Call, Plant], Json]


def _forgiving(rules: Collection[str], mend: Mend) -> Forgives:
    """Lets broken *rules* pass: what *mend* gives stands in the place of what was sent."""

    def forgive(call: Call, broken: Sequence[Violation], plant: Plant) -> Sequence[Violation]:
        return [one for one in broken if one.rule not in rules or not _mended(one, call, plant)]

    def _mended(one: Violation, call: Call, plant: Plant) -> bool:
        value = mend(one, call, plant)
        if value is MISSING or one.where not in ("body", "query"):
            return False
        if one.where == "body":
            call.body = with_value(call.body, one.place, value)
        else:
            call.query = with_value(call.query, one.place, value)
        return True

    return forgive


def _shortened(one: Violation, call: Call, plant: Plant) -> Json:
    """What was sent, cut to its greatest length; that of a variant, where it fits none."""
    if one.rule in ("maxLength", "maxItems"):
        return _cut(one.value, one.schema or {})
    if not isinstance(one.value, dict):
        return MISSING
    for branch in (one.schema or {}).get(one.rule, ()):
        declared = properties_of(call.operation.document, branch)
        cut = {name: _cut(value, declared.get(name, {})) for name, value in one.value.items()}
        if cut != one.value and not _breaks(call, one, cut, plant):
            return cut
    return MISSING


def _cut(value: Json, declared: Mapping[str, Json]) -> Json:
    limit = declared.get("maxItems" if isinstance(value, list) else "maxLength")
    return value if limit is None or not isinstance(value, list | str) else value[:limit]


def _breaks(call: Call, one: Violation, value: Json, plant: Plant) -> bool:
    """Whether something is wrong where *one* was, with *value* there."""
    broken = broken_rules(call, with_value(call.body, one.place, value), plant)
    return any(other.place[: len(one.place)] == one.place for other in broken)


def _bound(name: str, exclusive: str, step: int) -> Mend:
    def nearest(one: Violation, call: Call, plant: Plant) -> Json:
        if one.schema is None or name not in one.schema:
            return MISSING
        bound = one.schema[name]
        return bound + step if one.schema.get(exclusive) else bound

    return nearest


def _first_member(one: Violation, call: Call, plant: Plant) -> Json:
    return (one.schema or {}).get("enum", [MISSING])[0]


def _made_up(one: Violation, call: Call, plant: Plant) -> Json:
    """A good value for what is missing; MISSING where the document does not tell of it."""
    name = one.place[-1] if one.place else ""
    declared = properties_of(call.operation.document, one.schema or {}).get(str(name))
    if declared is None:
        return MISSING
    sample = plant.around.sample(declared, f"{call.operation.id}/{name}")
    return distinct({name: sample}, call)[name]


def _top_level(one: Violation, call: Call, plant: Plant) -> Json:
    return _made_up(one, call, plant) if len(one.place) == 1 and one.where == "body" else MISSING


def _nested(one: Violation, call: Call, plant: Plant) -> Json:
    """What is missing inside, or what one of several variants lacks."""
    if one.rule == "required":
        return _made_up(one, call, plant) if len(one.place) > 1 else MISSING
    if not isinstance(one.value, dict):
        return MISSING
    for branch in (one.schema or {}).get(one.rule, ()):
        filled = _filled(one.value, branch, call, plant)
        if filled != one.value and not _breaks(call, one, filled, plant):
            return filled
    return MISSING


def _filled(value: Document, branch: Mapping[str, Json], call: Call, plant: Plant) -> Document:
    """*value* with what *branch* requires; as it was where it has what the branch does not know."""
    document = call.operation.document
    declared = properties_of(document, branch)
    if not value.keys() <= declared.keys():
        return value
    lacking = required_somewhere(document, branch) & declared.keys() - value.keys()
    place = call.operation.id
    return value | {
        name: plant.around.sample(declared[name], f"{place}/{name}") for name in sorted(lacking)
    }


def _has_conditions(place: Place) -> bool:
    """Whether the body has parts with requirements of their own."""
    document = place.operation.document
    declared = [one.get("items", one) for one in body_properties(place).values()]
    inside = [part for one in declared for part in parts_of(document, one)]
    return any("required" in part for part in inside)


def _has_lengths(place: Place) -> bool:
    """Whether the body has a text or a list of a greatest length."""
    document = place.operation.document
    declared = body_properties(place)
    inside = [one for part in declared.values() for one in properties_of(document, part).values()]
    return any("maxLength" in one or "maxItems" in one for one in [*declared.values(), *inside])


def _has_words(place: Place) -> bool:
    """Whether there are listed words in the body or in the query."""
    declared = [
        *body_properties(place).values(),
        *(one.schema for one in place.operation.parameters),
    ]
    return any("enum" in one for one in declared)


def _any_body(call: Call, broken: Sequence[Violation], plant: Plant) -> Sequence[Violation]:
    """What is good of the body is taken, and the rest made up."""
    of_body = [one for one in broken if one.where == "body"]
    if of_body:
        call.body = _good_part(call, of_body, plant)
    return [one for one in broken if one.where != "body"]


def _good_part(call: Call, broken: Sequence[Violation], plant: Plant) -> Json:
    if not isinstance(call.body, dict) or any(not one.place for one in broken):
        return good_body(call, plant)
    wrong = {one.place[0] for one in broken}
    kept = {name: value for name, value in call.body.items() if name not in wrong}
    made_up = good_body(call, plant)
    return {**made_up, **kept} if isinstance(made_up, dict) else kept


def _narrower(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """One value that the document has is refused. Raises ApiError."""
    choice = _choice_of(plant.around.place(call.operation))
    if choice is not None and _holds(call.body, *choice):
        raise refusal(call, f"{choice[0]} must not be {choice[1]}")
    return behaviour(call)


def _choice_of(place: Place) -> tuple[str, Json] | None:
    return first_choice(place.operation.document, place.body) if place.body else None


def _holds(value: Json, name: str, member: Json) -> bool:
    if isinstance(value, list):
        return any(_holds(one, name, member) for one in value)
    if not isinstance(value, dict):
        return False
    return value.get(name) == member or any(_holds(one, name, member) for one in value.values())


def _exclusive_names(place: Place) -> tuple[str, ...]:
    """Properties of the body that exclude each other, in the document's order."""
    for part in parts_of(place.operation.document, place.body or {}):
        forbidden = follow(place.operation.document, part.get("not", {}))
        if len(forbidden.get("required", ())) > 1:
            return tuple(forbidden["required"])
    return ()


def _takes_exclusive(place: Place) -> bool:
    return bool(_exclusive_names(place))


def _one_of_two(call: Call, broken: Sequence[Violation], plant: Plant) -> Sequence[Violation]:
    """The first of those that exclude each other counts."""
    names = _exclusive_names(plant.around.place(call.operation))
    if not isinstance(call.body, dict) or not all(name in call.body for name in names):
        return broken
    call.body = {name: value for name, value in call.body.items() if name not in names[1:]}
    return [one for one in broken if one.place or one.rule != "not"]


def _read_as_number(call: Call, plant: Plant) -> None:
    """`1abc` is read as `1`."""
    for name in numeric_path_names(plant.around.place(call.operation)):
        found = re.match(r"[0-9]+", str(call.path.get(name, "")))
        if found:
            call.path[name] = found[0]


def _with_headers(call: Call, plant: Plant) -> None:
    """Required headers that were left out are there all the same."""
    missing = {
        one.name.lower(): str(plant.around.sample(one.schema, one.name))
        for one in call.operation.parameters
        if one.where == "header" and one.required and one.name.lower() not in call.headers
    }
    call.headers = {**call.headers, **missing}


def _requires_header(place: Place) -> bool:
    return any(one.where == "header" and one.required for one in place.operation.parameters)


def _writes_unique(place: Place) -> bool:
    """Operations that write what must be unique."""
    return place.kind in ("create", "update", "replace") and not unique_names(
        place.operation.document
    ).isdisjoint(body_properties(place))


def _blindly(call: Call, behaviour: Behaviour) -> tuple[Reply, Watched]:
    store = Blind(call.store, unique_sets(call.operation.document))
    return through(store, call, behaviour)


def _twin(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    return _blindly(call, behaviour)[0]


def _broken_conflict(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """Remember that a refusal was one of a second item of the same name. Raises ApiError."""
    try:
        return behaviour(call)
    except ApiError:
        call.seen["conflict"] = _is_conflict(call, behaviour)
        raise


def _is_conflict(call: Call, behaviour: Behaviour) -> bool:
    try:
        _, written = _blindly(call, behaviour)
    except ApiError:
        return False
    written.undo()
    return True


def _conflict_failed(call: Call, reply: Reply, plant: Plant) -> Reply:
    return failed(reply) if call.seen.get("conflict") else reply


def _remember_body(call: Call, plant: Plant) -> None:
    """Keep what came, before anybody leaves out what is not the client's to set."""
    if isinstance(call.body, dict):
        call.seen["as sent"] = dict(call.body)


def _mass_assigned(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """What is the server's to set is taken from the body, but for the id."""
    place = plant.around.place(call.operation)
    reply, written = watched(call, behaviour)
    id_field = place.action.resource.id_field if place.action else ""
    taken: Document = {}
    for collection, key in [*written.inserted, *written.replaced]:
        document = call.store.get(collection, key)
        if document is not None:
            taken = _server_part(call, place, document)
            taken.pop(id_field, None)
            call.store.replace(collection, key, {**document, **taken})
    return _with_taken(call, reply, plant, taken)


def _server_part(call: Call, place: Place, document: Document) -> Document:
    """What of the sent body the client may not set, where it is of the stored kind."""
    declared = body_properties(place)
    return {
        name: value
        for name, value in call.seen.get("as sent", {}).items()
        if name not in declared and isinstance(value, str | int) and name in document
        if type(document[name]) is type(value)
    }


def _with_taken(call: Call, reply: Reply, plant: Plant, taken: Document) -> Reply:
    payload = payload_of(call, reply, plant)
    if not isinstance(payload, dict):
        return reply
    shown = {name: value for name, value in taken.items() if name in payload}
    return with_payload(call, reply, plant, {**payload, **shown})


def _own_id(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """The id is the one that was sent, where it is of the right kind and free."""
    place = plant.around.place(call.operation)
    reply, written = watched(call, behaviour)
    id_field = place.action.resource.id_field if place.action else ""
    wanted = call.seen.get("as sent", {}).get(id_field)
    for (collection, key), document in written.inserted.items():
        is_right = type(document.get(id_field)) is type(wanted)
        if is_right and wanted and call.store.get(collection, str(wanted)) is None:
            call.store.delete(collection, key)
            stored = renamed(document, id_field, str(wanted))
            call.store.insert(collection, str(wanted), stored)
            return _with_taken(call, reply, plant, {id_field: wanted})
    return reply


def _sets_own_id(place: Place) -> bool:
    return (
        place.kind == "create"
        and place.action is not None
        and place.action.resource.id_field not in body_properties(place)
    )


def _may_lack(place: Place) -> bool:
    return takes_body(place) and bool(required_by(place.operation.document, place.body or {}))


def _both_ways(forgives: Forgives) -> dict[str, Any]:
    """The effects of a fault that forgives broken rules, whoever asks for them."""
    return {"on_request": early(forgives), "forgives": forgives}


def _request(name: str, about: str, reaches: Callable[[Place], bool], **effects: Any) -> Fault:
    given = {"exposed_by": ACCEPTED, **effects}
    return Fault(name=name, category=CATEGORY, about=about, reaches=reaches, **given)


FAULTS = (
    _request(
        "max-length-not-enforced",
        "a text or a list that is too long is accepted",
        _has_lengths,
        **_both_ways(_forgiving(("maxLength", "maxItems", "oneOf"), _shortened)),
    ),
    _request(
        "minimum-not-enforced",
        "a number that is too small is accepted",
        takes_body,
        **_both_ways(_forgiving(("minimum",), _bound("minimum", "exclusiveMinimum", 1))),
    ),
    _request(
        "maximum-not-enforced",
        "a number that is too great is accepted",
        takes_body,
        **_both_ways(_forgiving(("maximum",), _bound("maximum", "exclusiveMaximum", -1))),
    ),
    _request(
        "enum-not-enforced",
        "a word that is none of the listed ones is accepted",
        _has_words,
        **_both_ways(_forgiving(("enum",), _first_member)),
    ),
    _request(
        "required-not-enforced",
        "a required property can be left out",
        _may_lack,
        **_both_ways(_forgiving(("required",), _top_level)),
    ),
    _request(
        "validation-skipped",
        "any body is accepted",
        takes_body,
        **_both_ways(_any_body),
    ),
    _request(
        "schema-wider-than-runtime",
        "one of the listed words is refused",
        lambda place: _choice_of(place) is not None,
        on_behaviour=_narrower,
        exposed_by="what the document allows is refused",
    ),
    _request(
        "exclusive-fields-both-accepted",
        "two properties that exclude each other are accepted together",
        _takes_exclusive,
        **_both_ways(_one_of_two),
    ),
    _request(
        "conditional-requirement-ignored",
        "what is required in one case only can be left out in that case",
        _has_conditions,
        **_both_ways(_forgiving(("required", "oneOf", "anyOf"), _nested)),
    ),
    _request(
        "path-parameter-coerced",
        "`/1abc` is served as `/1`",
        has_numeric_path,
        on_request=_read_as_number,
        exposed_by="an id that is none is answered with a success",
    ),
    _request(
        "required-header-not-enforced",
        "a required header can be left out",
        _requires_header,
        on_request=_with_headers,
    ),
    _request(
        "duplicate-slug-accepted",
        "a second item gets what must be unique",
        _writes_unique,
        on_behaviour=_twin,
        exposed_by="two items share what must be unique",
    ),
    _request(
        "conflict-wrong-status",
        "a second item of the same name ends in 500",
        _writes_unique,
        on_behaviour=_broken_conflict,
        on_answer=_conflict_failed,
        exposed_by="the server fails",
    ),
    _request(
        "mass-assignment",
        "the body sets what is the server's: owner, counters",
        both(kinds("create", "update", "replace"), takes_body),
        on_request=_remember_body,
        on_behaviour=_mass_assigned,
        exposed_by="a property that only the server sets has the sent value",
    ),
    _request(
        "read-only-property-accepted",
        "the body sets the id",
        both(_sets_own_id, takes_body),
        on_request=_remember_body,
        on_behaviour=_own_id,
        exposed_by="a property that only the server sets has the sent value",
    ),
)
