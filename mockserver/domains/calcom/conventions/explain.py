"""Broken rules of the document, told as the API tells them.

Source: reference conventions sections 6.1 to 6.3 (R).
"""

from collections.abc import Sequence

from mockserver.behaviours.registry import Call
from mockserver.domains.calcom.access.versions import HEADER, version_refused
from mockserver.domains.calcom.conventions.class_validator import Schema, Wording
from mockserver.domains.calcom.conventions.errors import bad_request, database_error, invalid
from mockserver.domains.calcom.conventions.numbers import NOT_NUMERIC
from mockserver.domains.calcom.links.dates import printed
from mockserver.errors import ApiError
from mockserver.model import MISSING, Document, Json, Violation

WITHOUT_INTEGER_PIPE = (
    "EventTypesController_2024_06_14_getEventTypeById",
    "EventTypesController_2024_06_14_deleteEventType",
    "OrganizationsEventTypesController_getTeamEventType",
)


def explain(call: Call, violations: Sequence[Violation]) -> ApiError:
    """The refusal of a request that breaks *violations*.

    The path comes first, as the integer pipe; then headers, query, media type and body, each as
    entries of the validation library.
    """
    by_place: dict[str, list[Violation]] = {}
    for violation in violations:
        by_place.setdefault(violation.where, []).append(violation)
    if "path" in by_place:
        return _of_path(call)
    if "header" in by_place:
        return _of_header(call, by_place["header"])
    if "query" in by_place:
        return invalid(_query_entries(call, by_place["query"]))
    return _of_body(call, by_place.get("body", []))


def _of_path(call: Call) -> ApiError:
    """The integer pipe refuses; without it a word reaches the database (quirk `text-id-is-500`).

    Source: reference conventions section 6.3 (S, R), event-types section 6.3.
    """
    if call.operation.id in WITHOUT_INTEGER_PIPE and call.quirks.has("text-id-is-500"):
        return database_error()
    return bad_request(NOT_NUMERIC)


def _of_header(call: Call, broken: Sequence[Violation]) -> ApiError:
    name = str(broken[0].place[0])
    schema = _parameter_schema(call, name, "header")
    documented = schema.get("enum") or [schema.get("default", "")]
    if name.lower() == HEADER:
        return version_refused(call.headers.get(HEADER), documented)
    return invalid([_fallback(name, MISSING, {}, broken)])


def _query_entries(call: Call, broken: Sequence[Violation]) -> list[Document]:
    """One entry for each parameter; text where a number belongs prints as null."""
    wording = Wording(call.operation.document, number_rule="isNumber", dates_are_lenient=False)
    sent: dict[str, Violation] = {}
    for one in broken:
        sent.setdefault(str(one.place[0]), one)
    values: Document = dict(call.query)
    rules: dict[str, dict[str, str]] = {}
    for name, one in sent.items():
        schema = wording.resolved(_parameter_schema(call, name, "query"))
        rules[name] = wording.broken(name, one.value, schema)
        is_number = schema.get("type") in ("integer", "number")
        values[name] = None if is_number and isinstance(one.value, str) else one.value
    entries = []
    for name, one in sent.items():
        value = MISSING if one.value is MISSING else values[name]
        entry = _entry(name, value, _without_missing(values), rules[name])
        entries.append(entry if rules[name] else _fallback(name, value, values, [one]))
    return entries


def _of_body(call: Call, broken: Sequence[Violation]) -> ApiError:
    for one in broken:
        if one.rule == "media-type":
            return ApiError(415, f"Unsupported Media Type: {one.message}")
        if one.rule == "parse":
            return bad_request(one.message)
    wording = Wording(
        call.operation.document,
        number_rule="isInt",
        dates_are_lenient=call.quirks.has("link-dates-are-lenient"),
    )
    schema = wording.resolved(_body_schema(call))
    if told := _rule_of_the_whole(schema, broken):
        return bad_request(told)
    body = call.body if isinstance(call.body, dict) else {}
    entries = ObjectEntries(wording, schema, body).entries(broken, 0)
    return invalid(entries or [_fallback("body", call.body, body, broken)])


def _rule_of_the_whole(schema: Schema, broken: Sequence[Violation]) -> str | None:
    """The message for properties that exclude each other, or of which one must be there, where
    nothing else is wrong.

    Source: reference private-links section 5 (rules of the API's service, after validation).
    """
    rules = {one.rule for one in broken if not one.place}
    if len(rules) != 1 or any(one.place for one in broken):
        return None
    if "not" in rules and (names := schema.get("not", {}).get("required")):
        return f"Provide only one of {' or '.join(names)}"
    branches = schema.get("anyOf", ()) if "anyOf" in rules else ()
    names = [name for branch in branches for name in branch.get("required", ())]
    return f"Either {' or '.join(names)} must be provided" if names else None


class ObjectEntries:
    """The entries for one object of a body, one for each property, in the schema's order."""

    def __init__(self, wording: Wording, schema: Schema, value: Document) -> None:
        self._wording = wording
        self._properties: Schema = schema.get("properties", {})
        self._required = schema.get("required", ())
        self._value = value
        self._target = {
            name: self._shown(name, inner)
            for name, inner in value.items()
            if name in self._properties or not self._properties
        }

    def entries(self, broken: Sequence[Violation], depth: int) -> list[Document]:
        """*broken* are the violations inside this object, which stands *depth* keys deep."""
        inside: dict[str, list[Violation]] = {}
        for one in broken:
            if len(one.place) > depth:
                inside.setdefault(str(one.place[depth]), []).append(one)
        entries = []
        for name in (*self._properties, *(key for key in inside if key not in self._properties)):
            if entry := self._entry(name, inside.get(name, []), depth):
                entries.append(entry)
        return entries

    def _entry(self, name: str, broken: Sequence[Violation], depth: int) -> Document | None:
        value = self._value.get(name, MISSING)
        if not broken and value is MISSING and name not in self._required:
            return None
        if not broken and value is None:
            return None
        schema = self._properties.get(name, {})
        shown = MISSING if value is MISSING else self._shown(name, value)
        constraints = self._wording.broken(name, value, schema)
        if constraints:
            return _entry(name, shown, self._target, constraints)
        if not broken:
            return None
        children = self._children(value, schema, broken, depth + 1)
        if children:
            return {**_entry(name, shown, self._target, {}), "children": children}
        return _fallback(name, shown, self._target, broken)

    def _children(
        self, value: Json, schema: Schema, broken: Sequence[Violation], depth: int
    ) -> list[Document]:
        found = self._wording.resolved(schema)
        if isinstance(value, dict) and found.get("properties"):
            return ObjectEntries(self._wording, found, value).entries(broken, depth)
        items = self._wording.resolved(found.get("items", {}))
        if not isinstance(value, list) or not items.get("properties"):
            return []
        entries = []
        for index, item in enumerate(value):
            inside = [one for one in broken if one.place[depth : depth + 1] == (index,)]
            if not inside or not isinstance(item, dict):
                continue
            children = ObjectEntries(self._wording, items, item).entries(inside, depth + 1)
            entries.append({**_entry(str(index), item, value, {}), "children": children})
        return entries

    def _shown(self, name: str, value: Json) -> Json:
        """A date shows as the API reads it, so one that it refuses as null."""
        schema = self._properties.get(name, {})
        if value is None or not self._wording.is_date(schema):
            return value
        if not isinstance(value, list) and self._wording.broken(name, value, schema):
            return None
        return printed(value)


def _entry(name: str, value: Json, target: Json, constraints: dict[str, str]) -> Document:
    entry: Document = {"target": target}
    if value is not MISSING:
        entry["value"] = value
    entry |= {"property": name, "children": []}
    return {**entry, "constraints": constraints} if constraints else entry


def _fallback(name: str, value: Json, target: Json, broken: Sequence[Violation]) -> Document:
    """An entry for a rule that the API's library has no word for: the schema's own."""
    of_type = [one for one in broken if one.rule == "type"]
    constraints = {one.rule: f"{name}: {one.message}" for one in of_type or broken}
    return _entry(name, value, target, constraints)


def _without_missing(values: Document) -> Document:
    return {name: value for name, value in values.items() if value is not MISSING}


def _body_schema(call: Call) -> Schema:
    for kind, schema in call.operation.body_content.items():
        if kind.endswith("json") and schema is not None:
            return schema
    return {}


def _parameter_schema(call: Call, name: str, where: str) -> Schema:
    for parameter in call.operation.parameters:
        if parameter.where == where and parameter.name == name:
            return parameter.schema
    return {}
