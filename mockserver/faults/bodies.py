"""Bodies of requests as faults change them."""

from collections.abc import Callable, Sequence
from copy import deepcopy

from mockserver.behaviours.faults import Plant
from mockserver.behaviours.registry import Call
from mockserver.faults.relations import unique_names
from mockserver.faults.schemas import required_by
from mockserver.model import MISSING, Json, Violation
from mockserver.openapi import SchemaCompiler, Validator

Place = Sequence[str | int]
Forgives = Callable[[Call, Sequence[Violation], Plant], Sequence[Violation]]


def early(forgives: Forgives) -> Callable[[Call, Plant], None]:
    """Forgive before anybody has looked at the body: an API may have rules of its own for it,
    which are asked before the schema."""

    def mend(call: Call, plant: Plant) -> None:
        broken = broken_rules(call, call.body, plant)
        if broken:
            forgives(call, broken, plant)

    return mend


def broken_rules(call: Call, body: Json, plant: Plant) -> list[Violation]:
    """Every rule of its schema that *body* breaks."""
    place = plant.around.place(call.operation)
    if place.body is None:
        return []
    if body is MISSING:
        missing = Violation("body", (), "required", "is required")
        return [missing] if call.operation.body_required else []
    validator = _validator(call, plant)
    return [] if validator.is_valid(body) else validator.violations(body, "body")


def _validator(call: Call, plant: Plant) -> Validator:
    """That of the operation's body; each is compiled once for as long as the fault is planted."""
    known = plant.memory.setdefault("body validators", {})
    if call.operation.id not in known:
        body = plant.around.place(call.operation).body or {}
        compiler = SchemaCompiler(call.operation.document)
        known[call.operation.id] = compiler.compile(body, "request")
    found: Validator = known[call.operation.id]
    return found


def good_body(call: Call, plant: Plant) -> Json:
    """The required part of a good body, with values of its own where they must be unique."""
    schema = plant.around.place(call.operation).body or {}
    sample = plant.around.sample(schema, call.operation.id)
    if not isinstance(sample, dict):
        return sample
    required = required_by(call.operation.document, schema)
    return distinct({name: sample[name] for name in sample if name in required}, call)


def distinct(values: Json, call: Call) -> Json:
    """*values* with a number of its own in each text that must be unique."""
    unique = unique_names(call.operation.document)
    number = call.store.next_id("bodies made by faults")
    return {
        name: f"{value}-{number}" if name in unique and isinstance(value, str) else value
        for name, value in values.items()
    }


def with_value(body: Json, place: Place, value: Json) -> Json:
    """A copy of *body* with *value* at *place*; as it was where there is no such place."""
    if not place:
        return value
    copy = deepcopy(body)
    holder = copy
    try:
        for key in place[:-1]:
            holder = holder[key]
        holder[place[-1]] = value
    except (KeyError, IndexError, TypeError):
        return body
    return copy
