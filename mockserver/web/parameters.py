"""Path, query and header parameters: read as their schemas say, compiled once per operation.

Text that does not read as its type stays text, so that the schema says what is wrong with it;
numbers are JSON's numbers, not Python's (`nan`, `1_000` and `+1` are text). Cookies are read too.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from math import isfinite
from urllib.parse import parse_qsl

from mockserver.model import MISSING, Document, Json, Violation
from mockserver.openapi import Operation, Parameter, SchemaCompiler, Validator
from mockserver.openapi.pointers import follow
from mockserver.web.json_text import NotJson, read_json

Cast = Callable[[str], Json]

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)").fullmatch
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?").fullmatch
_SHORT_WHOLE = re.compile(r"[1-9][0-9]{0,14}").fullmatch
"""Nearly every id."""
_LONGEST_NUMBER = 300
_SEPARATORS = {"spaceDelimited": " ", "pipeDelimited": "|"}
_NOT_CONSTRAINTS = {"type", "default", "example", "description", "title", "deprecated"}


@dataclass(frozen=True, slots=True)
class ParameterReader:
    """Reads one parameter; *validator* is None where any text will do."""

    name: str
    key: str
    where: str
    required: bool
    default: Json
    read: Callable[[Sequence[str]], Json]
    read_object: Callable[[Mapping[str, Sequence[str]]], Json] | None
    validator: Validator | None


@dataclass(frozen=True, slots=True)
class ParameterReaders:
    """All parameters of an operation, grouped by where they stand."""

    path: tuple[ParameterReader, ...]
    query: tuple[ParameterReader, ...]
    header: tuple[ParameterReader, ...]
    cookie: tuple[ParameterReader, ...]

    def values(
        self, path: dict[str, Json], query_string: bytes, headers: Mapping[str, str]
    ) -> tuple[dict[str, Json], dict[str, Json], list[Violation]]:
        """Path values, query values (defaults filled in), and every broken rule."""
        violations: list[Violation] = []
        for reader in self.path:
            path[reader.name] = _checked(reader, reader.read((path[reader.name],)), violations)
        self._read_headers(headers, violations)
        query = self._query(query_string, violations) if self.query else {}
        if self.cookie:
            self._read_cookies(headers, violations)
        return path, query, violations

    def header_violations(self, headers: Mapping[str, str]) -> list[Violation]:
        """The rules that header and cookie parameters break; nobody is given their values."""
        violations: list[Violation] = []
        self._read_headers(headers, violations)
        if self.cookie:
            self._read_cookies(headers, violations)
        return violations

    def _read_headers(self, headers: Mapping[str, str], violations: list[Violation]) -> None:
        for reader in self.header:
            sent = headers.get(reader.key)
            if sent is None or reader.validator is not None:
                _one(reader, None if sent is None else (sent,), violations)

    def _read_cookies(self, headers: Mapping[str, str], violations: list[Violation]) -> None:
        cookies = _cookies(headers.get("cookie", ""))
        for reader in self.cookie:
            _one(reader, cookies.get(reader.name), violations)

    def _query(self, query_string: bytes, violations: list[Violation]) -> dict[str, Json]:
        sent: dict[str, list[str]] = {}
        if query_string:
            text = query_string.decode("latin-1")
            for name, value in parse_qsl(text, keep_blank_values=True, errors="replace"):
                sent.setdefault(name, []).append(value)
        values = {}
        for reader in self.query:
            if reader.read_object is not None:
                value = _object(reader, reader.read_object(sent), violations)
            else:
                value = _one(reader, sent.get(reader.name), violations)
            if value is not MISSING:
                values[reader.name] = value
        return values


def read_parameters(operation: Operation, schemas: SchemaCompiler) -> ParameterReaders:
    """Compile the readers of an operation's parameters."""
    readers = [
        _reader(parameter, operation.document, schemas) for parameter in operation.parameters
    ]
    groups = (
        tuple(reader for reader in readers if reader.where == where)
        for where in ("path", "query", "header", "cookie")
    )
    return ParameterReaders(*groups)


def _reader(parameter: Parameter, document: Document, schemas: SchemaCompiler) -> ParameterReader:
    schema = follow(document, parameter.schema)
    kind = schema.get("type")
    is_free_text = kind == "string" and set(schema) <= _NOT_CONSTRAINTS
    is_checked = parameter.where == "query" or not is_free_text  # a query may name it twice
    return ParameterReader(
        name=parameter.name,
        key=parameter.name.lower() if parameter.where == "header" else parameter.name,
        where=parameter.where,
        required=parameter.required,
        default=schema.get("default", MISSING),
        read=_value_reader(parameter, schema, document),
        read_object=_object_reader(parameter, schema, document)
        if kind == "object" and parameter.style != "json"
        else None,
        validator=schemas.compile(parameter.schema, "request") if is_checked else None,
    )


def _one(reader: ParameterReader, sent: Sequence[str] | None, violations: list[Violation]) -> Json:
    if sent is None:
        return _absent(reader, violations)
    return _checked(reader, reader.read(sent), violations)


def _object(reader: ParameterReader, value: Json, violations: list[Violation]) -> Json:
    return _checked(reader, value, violations) if value else _absent(reader, violations)


def _absent(reader: ParameterReader, violations: list[Violation]) -> Json:
    if reader.required:
        violations.append(Violation(reader.where, (reader.name,), "required", "is required"))
        return MISSING
    return reader.default


def _checked(reader: ParameterReader, value: Json, violations: list[Violation]) -> Json:
    if reader.validator is not None and not reader.validator.is_valid(value):
        violations.extend(
            Violation(
                reader.where, (reader.name, *found.place), found.rule, found.message,
                found.value, found.schema,
            )
            for found in reader.validator.violations(value, reader.where)
        )  # fmt: skip
    return value


def cast_for(schema: Mapping[str, Json]) -> Cast:
    """The function that reads one text as this schema's type, or leaves it text."""
    return _CASTS.get(str(schema.get("type")), str)


def _integer(text: str) -> Json:
    """A JSON integer; one beyond 64 bits as a float, which no integer schema takes."""
    if len(text) > _LONGEST_NUMBER or not _INTEGER(text):
        return text
    number = int(text)
    return number if abs(number) < 2**63 else float(number)


def _number(text: str) -> Json:
    """A JSON number; a whole one as int, so that an id reads `12` and not `12.0`.

    One beyond every float, such as `1e400`, stays text.
    """
    if _SHORT_WHOLE(text):
        return int(text)
    if len(text) > _LONGEST_NUMBER or not _NUMBER(text):
        return text
    number = float(text)
    if not isfinite(number):
        return text
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _boolean(text: str) -> Json:
    return {"true": True, "false": False}.get(text, text)


_CASTS: dict[str, Cast] = {"integer": _integer, "number": _number, "boolean": _boolean}


def _value_reader(
    parameter: Parameter, schema: Mapping[str, Json], document: Document
) -> Callable[[Sequence[str]], Json]:
    if parameter.style == "json":
        return lambda sent: _json(sent[0])
    if schema.get("type") == "array":
        return _read_array(parameter, schema, document)
    return _read_scalar(schema)


def _json(text: str) -> Json:
    """A parameter declared by JSON `content`; what is no JSON stays text."""
    try:
        return read_json(text.encode())
    except NotJson:
        return text


def _read_scalar(schema: Mapping[str, Json]) -> Callable[[Sequence[str]], Json]:
    """One value; the same name twice gives a list, which no scalar schema takes."""
    cast = cast_for(schema)
    return lambda sent: cast(sent[0]) if len(sent) == 1 else list(sent)


def _read_array(
    parameter: Parameter, schema: Mapping[str, Json], document: Document
) -> Callable[[Sequence[str]], Json]:
    cast = cast_for(follow(document, schema.get("items", {})))
    if parameter.where in ("query", "cookie") and parameter.explode:
        return lambda sent: [cast(text) for text in sent]
    separator = _SEPARATORS.get(parameter.style, ",")
    return lambda sent: [cast(part) for text in sent for part in text.split(separator) if text]


def _object_reader(
    parameter: Parameter, schema: Mapping[str, Json], document: Document
) -> Callable[[Mapping[str, Sequence[str]]], Json]:
    properties = schema.get("properties", {})
    casts = {name: cast_for(follow(document, part)) for name, part in properties.items()}
    if parameter.style == "deepObject":
        prefix = f"{parameter.name}["
        return lambda sent: {
            name[len(prefix) : -1]: casts.get(name[len(prefix) : -1], str)(values[0])
            for name, values in sent.items()
            if name.startswith(prefix) and name.endswith("]")
        }
    if parameter.explode:
        return lambda sent: {
            name: cast(sent[name][0]) for name, cast in casts.items() if name in sent
        }
    return lambda sent: _pairs(sent.get(parameter.name, ("",))[0], casts)


def _pairs(text: str, casts: Mapping[str, Cast]) -> Json:
    """`a,1,b,2` as an object."""
    parts = text.split(",") if text else []
    names_and_values = zip(parts[::2], parts[1::2], strict=False)
    return {name: casts.get(name, str)(value) for name, value in names_and_values}


def _cookies(header: str) -> dict[str, tuple[str, ...]]:
    try:
        jar = SimpleCookie(header)
    except CookieError:
        return {}
    return {name: (morsel.value,) for name, morsel in jar.items()}
