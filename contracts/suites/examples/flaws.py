"""Requests that are wrong in one point: ids, parameters, bodies."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from contracts.exchange import JSON_TYPE, READING, Request
from contracts.suites.bodies import least, plain, properties
from contracts.suites.flawed import TRAILING, Flawed, flawed_bodies, flawed_texts
from contracts.suites.provisions import new_body
from contracts.suites.session import Options, Session
from contracts.yardstick import Yardstick
from mockserver.model import Json
from mockserver.openapi import Operation, Parameter

Make: TypeAlias = Callable[[Session, dict[str, str]], Request]

NOT_THERE: Final = frozenset({403, 404, 410})
_BAD_ID: Final = frozenset({400, 404, 422})
_BAD_PARAMETER: Final = frozenset({400, 404, 422})
_BAD_BODY: Final = frozenset({400, 409, 422})
_MALFORMED: Final = b'{"understudy": '
_FAR: Final = 2_147_480_007
"""An id that nothing has; whole in 32 bits, for which many servers store ids."""
_SAFE_LENGTH: Final = 8
_UNKNOWN_UUID: Final = "00000000-0000-4000-8000-00000000dead"


@dataclass(frozen=True, slots=True)
class Provocation:
    """A bad request: how it is made on given path values, what is wrong with it, in words and as
    a cause, the statuses that fit, and the keys below the operation that say so.

    *names* are the properties at fault, from the outermost inwards; none where no single one is.
    """

    make: Make
    what: str
    cause: str
    fitting: frozenset[int]
    place: tuple[str, ...]
    names: tuple[str, ...] = ()


class FirstSeen:
    """Which properties earlier operations have tried in full: of those that another operation
    shares, only kinds of flaws are tried that it has not had yet."""

    def __init__(self) -> None:
        self._seen: list[tuple[str, Mapping[str, Json]]] = []

    def is_new(self, name: str, schema: Mapping[str, Json]) -> bool:
        if (name, schema) in self._seen:
            return False
        self._seen.append((name, schema))
        return True


def flaws_of(
    yardstick: Yardstick, operation: Operation, options: Options, first: FirstSeen
) -> list[Provocation]:
    """All bad requests that are meant for a 400; when quick, one of each kind of flaw."""
    found = [*_of_path(yardstick, operation), *_of_parameters(yardstick, operation)]
    if yardstick.request_schema(operation) is not None:
        found += [_malformed(operation), *_of_body(yardstick, operation, options, first)]
    return found


def unknown_value(yardstick: Yardstick, operation: Operation, name: str, known: str) -> str | None:
    """A well-formed value for a path parameter that nothing has.

    None where ids are so short that somebody may have any of them, and the operation writes.
    """
    parameter = next((one for one in operation.parameters if one.name == name), None)
    schema = plain(yardstick, parameter.schema) if parameter is not None else {}
    is_whole = schema.get("type") in ("integer", "number")
    is_short = schema.get("maximum", _FAR) < _FAR if is_whole else len(known) < _SAFE_LENGTH
    if is_short and operation.method not in READING:
        return None
    if is_whole:
        return str(min(_FAR, schema.get("maximum", _FAR)))
    if schema.get("format") == "uuid":
        return _UNKNOWN_UUID
    return "".join(_turned(letter) for letter in known) or "understudy-unknown"


def with_body(request: Request, body: bytes) -> Request:
    return replace(request, body=body)


def with_content_type(request: Request, kind: str) -> Request:
    headers = [one for one in request.headers if one[0].lower() != "content-type"]
    return replace(request, headers=(*headers, ("Content-Type", kind)))


def _turned(letter: str) -> str:
    if not (letter.isascii() and letter.isalnum()):
        return letter
    return (
        "7" if letter in "0123456" else "3" if letter.isdigit() else "x" if letter != "x" else "y"
    )


def _of_path(yardstick: Yardstick, operation: Operation) -> Iterator[Provocation]:
    for parameter in operation.parameters:
        if parameter.where == "path":
            for flawed in _worst(yardstick, parameter):
                yield Provocation(
                    _bad_id(operation, parameter.name, flawed),
                    f"the path parameter {parameter.name} {flawed.says}",
                    f"{parameter.name} {flawed.flaw}",
                    _BAD_ID | ({403} if "403" in operation.responses else set()),
                    ("parameters",),
                )


def _worst(yardstick: Yardstick, parameter: Parameter) -> list[Flawed]:
    """The flaws of an id that servers know: no number at all, and one with letters behind."""
    found = [one for one in flawed_texts(yardstick, parameter) if one.flaw != "fraction"]
    kinds = ("wrong-type", "wrong-format", "off-pattern", TRAILING)
    return [one for one in found if one.flaw in kinds and one.value != "12345"]


def _of_parameters(yardstick: Yardstick, operation: Operation) -> Iterator[Provocation]:
    for parameter in operation.parameters:
        if parameter.where not in ("query", "header"):
            continue
        if parameter.required:
            yield Provocation(
                _without(operation, parameter),
                f"the required {parameter.where} parameter {parameter.name} is missing",
                f"{parameter.name} missing",
                _BAD_PARAMETER,
                ("parameters",),
            )
        elif (flawed := next(flawed_texts(yardstick, parameter), None)) is not None:
            yield Provocation(
                _with_text(operation, parameter, flawed.value),
                f"the {parameter.where} parameter {parameter.name} {flawed.says}",
                f"{parameter.name} {flawed.flaw}",
                _BAD_PARAMETER,
                ("parameters",),
            )


def _of_body(
    yardstick: Yardstick, operation: Operation, options: Options, first: FirstSeen
) -> Iterator[Provocation]:
    schema = yardstick.request_schema(operation)
    assert schema is not None
    base = least(yardstick, schema, operation.id)
    if not isinstance(base, dict):
        return
    known = properties(yardstick, schema)
    new = {name for name in known if first.is_new(name, known[name])}
    kinds: set[str] = set()
    for flawed in flawed_bodies(yardstick, schema, base):
        is_new = flawed.pointer[1:].partition("/")[0] in new and not options.quick
        if flawed.flaw in kinds and not is_new:
            continue
        kinds.add(flawed.flaw)
        yield Provocation(
            _bad_body(operation, flawed),
            f"{flawed.pointer or 'the body'} {flawed.says}",
            f"body {flawed.pointer} {flawed.flaw}",
            _BAD_BODY,
            ("requestBody",),
            tuple(part for part in flawed.pointer.split("/") if part and not part.isdecimal()),
        )


def _malformed(operation: Operation) -> Provocation:
    def make(session: Session, path: dict[str, str]) -> Request:
        headers = {"Content-Type": JSON_TYPE}
        return session.request(operation, path, headers=headers, body=_MALFORMED)

    return Provocation(make, "its body is no JSON", "malformed JSON", _BAD_BODY, ("requestBody",))


def _bad_id(operation: Operation, name: str, flawed: Flawed) -> Make:
    """Letters go behind an id of this run's: a server that overlooks them must not be led to what
    belongs to somebody else."""

    def make(session: Session, path: dict[str, str]) -> Request:
        text = f"{path[name]}abc" if flawed.flaw == TRAILING else flawed.value
        body = new_body(session, operation)
        return session.request(operation, {**path, name: text}, body=body)

    return make


def _without(operation: Operation, parameter: Parameter) -> Make:
    def make(session: Session, path: dict[str, str]) -> Request:
        body = new_body(session, operation)
        if parameter.where == "header":
            return session.request(operation, path, headers={parameter.name: None}, body=body)
        whole = session.request(operation, path, body=body)
        kept = [part for part in _query(whole) if part.partition("=")[0] != parameter.name]
        return replace(whole, target=whole.path + ("?" + "&".join(kept) if kept else ""))

    return make


def _query(request: Request) -> list[str]:
    query = request.target.partition("?")[2]
    return query.split("&") if query else []


def _with_text(operation: Operation, parameter: Parameter, text: str) -> Make:
    def make(session: Session, path: dict[str, str]) -> Request:
        body = new_body(session, operation)
        if parameter.where == "query":
            return session.request(operation, path, query=[(parameter.name, text)], body=body)
        return session.request(operation, path, headers={parameter.name: text}, body=body)

    return make


def _bad_body(operation: Operation, flawed: Flawed) -> Make:
    """The flaw on a body with new names, so that it is the only thing that is wrong."""
    at_fault = flawed.pointer[1:].partition("/")[0]

    def make(session: Session, path: dict[str, str]) -> Request:
        fresh, body = new_body(session, operation), flawed.value
        if isinstance(fresh, dict) and isinstance(body, dict):
            names = [name for name in fresh if name in body and name != at_fault]
            body = {**body, **{name: fresh[name] for name in names}}
        return session.request(operation, path, body=body)

    return make
