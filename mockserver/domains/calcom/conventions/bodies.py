"""Request bodies as the API's parser hands them on, before any validation.

Source: reference conventions section 6.2 (R), recordings private-links 179 to 186.
"""

import json

from mockserver.behaviours.registry import Call, Reader
from mockserver.domains.calcom.conventions.errors import bad_request
from mockserver.domains.calcom.conventions.numbers import EXACT
from mockserver.model import MISSING, Document, Json


def parsed(read: Reader) -> Reader:
    """*read* with the parser in front of it: the call's body is replaced by what it hands on."""

    def reader(call: Call) -> Json:
        call.body = handed_on(call)
        return read(call)

    return reader


def handed_on(call: Call) -> Json:
    """The body after the parser.

    The parser is strict: a scalar at the top level is no JSON to it. With the quirk
    `non-json-body-is-empty`, no body, one of another media type and an array are all `{}`.
    """
    body = call.body
    if call.quirks.has("non-json-body-is-empty") and (
        body is MISSING or isinstance(body, list) or not _is_json(call)
    ):
        return {}
    if isinstance(body, dict):
        return _with_whole_numbers(body)
    if body is MISSING or isinstance(body, list):
        return body
    text = json.dumps(body, ensure_ascii=False)
    raise bad_request(f"Unexpected token '{text[0]}', \"{text}\" is not valid JSON")


def _with_whole_numbers(body: Document) -> Document:
    """*body* with `2.0` as 2: JavaScript knows one kind of number.

    Greater ones stay floats: an int of more than 64 bits could not be written as JSON again.
    """
    if not any(type(value) is float for value in body.values()):
        return body
    return {
        name: int(value) if type(value) is float and _is_whole(value) else value
        for name, value in body.items()
    }


def _is_whole(value: float) -> bool:
    return value.is_integer() and abs(value) < EXACT


def _is_json(call: Call) -> bool:
    kind = call.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def known_properties(body: Json, names: tuple[str, ...]) -> Json:
    """*body* without what the API does not know: unknown properties are dropped silently."""
    if not isinstance(body, dict):
        return body
    kept: Document = {name: value for name, value in body.items() if name in names}
    return kept
