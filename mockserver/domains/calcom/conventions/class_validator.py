"""The words in which the API's validation library refuses a value, worked out from a schema.

Only names and texts are made here; whether a value is refused is the schema's business. The
library runs the rules of a property from the last one written to the first, so bounds come before
the type.

Source: reference conventions section 6.1 (R, class-validator 0.14), recordings private-links 171
to 195, team-private-links 261.
"""

from collections.abc import Callable, Iterator, Mapping

from mockserver.domains.calcom.links.dates import lenient_date, strict_date
from mockserver.model import MISSING, Json
from mockserver.openapi.pointers import follow

Schema = Mapping[str, Json]
Rule = tuple[str, str]
"""A constraint's name and its text."""

INT32_MAX = 2**31 - 1
INT32_MIN = -(2**31)


class Wording:
    """Words for the schemas of one document; *number_rule* names what a number must be.

    Bodies want integers where the document says number (`isInt`), queries numbers (`isNumber`).
    """

    def __init__(self, document: Schema, *, number_rule: str, dates_are_lenient: bool) -> None:
        self._document = document
        self._number_rule = number_rule
        self._reads_date = lenient_date if dates_are_lenient else _strict

    def resolved(self, schema: Schema) -> Schema:
        """*schema* without `$ref`, and with the members of an `allOf` in one."""
        found: Schema = follow(dict(self._document), schema)
        if "allOf" not in found:
            return found
        merged: dict[str, Json] = {}
        for part in found["allOf"]:
            merged.update(self.resolved(part))
        return {**merged, **{key: value for key, value in found.items() if key != "allOf"}}

    def broken(self, name: str, value: Json, schema: Schema) -> dict[str, str]:
        """The constraints that *value* breaks as the property *name*, in the library's order."""
        return dict(self._rules(name, value, self.resolved(schema)))

    def is_date(self, schema: Schema) -> bool:
        """Tell whether a property is a date, loosened or not."""
        found = self.resolved(schema)
        branches = found.get("anyOf", [])
        return found.get("format") == "date-time" or any(map(self.is_date, branches))

    def _rules(self, name: str, value: Json, schema: Schema) -> Iterator[Rule]:
        if value is None and schema.get("nullable"):
            return
        if self.is_date(schema):
            if value is MISSING or value is None or self._reads_date(value) is None:
                yield "isDate", f"{name} must be a Date instance"
        elif "enum" in schema:
            if value not in schema["enum"]:
                known = ", ".join(str(one) for one in schema["enum"] if one is not None)
                yield "isEnum", f"{name} must be one of the following values: {known}"
        elif rules := self._by_type().get(schema.get("type", "")):
            yield from rules(name, value, schema)

    def _by_type(self) -> dict[str, Callable[[str, Json, Schema], Iterator[Rule]]]:
        return {
            "integer": self._number,
            "number": self._number,
            "string": _text,
            "boolean": _boolean,
            "array": self._array,
            "object": _object,
        }

    def _number(self, name: str, value: Json, schema: Schema) -> Iterator[Rule]:
        yield from _bounds(name, value, schema)
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if self._number_rule == "isNumber":
            if not is_number:
                text = f"{name} must be a number conforming to the specified constraints"
                yield "isNumber", text
        elif not is_number or value != int(value):
            yield "isInt", f"{name} must be an integer number"

    def _array(self, name: str, value: Json, schema: Schema) -> Iterator[Rule]:
        items = self.resolved(schema.get("items", {}))
        is_list = isinstance(value, list)
        if (is_list and items.get("type") not in ("object", None)) or "enum" in items:
            yield from self._each(name, value if is_list else [], items)
        if schema.get("uniqueItems") and (not is_list or _repeats(value)):
            yield "arrayUnique", f"All {name}'s elements must be unique"
        if schema.get("minItems") and not value:
            yield "arrayNotEmpty", f"{name} should not be empty"
        if not is_list:
            yield "isArray", f"{name} must be an array"

    def _each(self, name: str, values: list[Json], items: Schema) -> Iterator[Rule]:
        """Rules on elements are named once, for whichever element breaks them."""
        seen: dict[str, str] = {}
        for value in values:
            for rule, text in self._rules(name, value, items):
                seen.setdefault(rule, f"each value in {text}")
        yield from seen.items()


def _strict(value: Json) -> object:
    return strict_date(value) if isinstance(value, str) else None


def _bounds(name: str, value: Json, schema: Schema) -> Iterator[Rule]:
    """Bounds are broken by what is no number too; those of the database only by numbers."""
    number = value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    greatest, least = schema.get("maximum"), schema.get("minimum")
    if greatest is not None and (greatest != INT32_MAX if number is None else number > greatest):
        yield "max", f"{name} must not be greater than {greatest}"
    if least is not None and (least != INT32_MIN if number is None else number < least):
        yield "min", f"{name} must not be less than {least}"


def _text(name: str, value: Json, schema: Schema) -> Iterator[Rule]:
    is_text = isinstance(value, str)
    if schema.get("format") == "uri":
        if not is_text or "." not in value or "://" not in value:
            yield "isUrl", f"{name} must be a URL address"
        return
    if "maxLength" in schema and (not is_text or len(value) > schema["maxLength"]):
        text = f"{name} must be shorter than or equal to {schema['maxLength']} characters"
        yield "maxLength", text
    if "minLength" in schema and (not is_text or len(value) < schema["minLength"]):
        text = f"{name} must be longer than or equal to {schema['minLength']} characters"
        yield "minLength", text
    if not is_text:
        yield "isString", f"{name} must be a string"


def _boolean(name: str, value: Json, schema: Schema) -> Iterator[Rule]:
    if not isinstance(value, bool):
        yield "isBoolean", f"{name} must be a boolean value"


def _object(name: str, value: Json, schema: Schema) -> Iterator[Rule]:
    if not isinstance(value, dict):
        yield "isObject", f"{name} must be an object"


def _repeats(values: list[Json]) -> bool:
    return any(value in values[:index] for index, value in enumerate(values))
