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
    """The body after the parser, which takes no scalars. With the quirk `non-json-body-is-empty`,
    no body, one of another media type and an array are all `{}`."""
    body = call.body
    if call.quirks.has("non-json-body-is-empty") and (
        body is MISSING or isinstance(body, list) or not _is_json(call)
    ):
        return {}
    if isinstance(body, dict):
        return _with_whole_numbers(body)
    refuse_scalars(call)
    return body


def refuse_scalars(call: Call) -> None:
    """Refuse a scalar at the top level with 400: the parser is strict, it is no JSON to it.

    Like any malformed JSON that is found before anybody asks who calls, and not counted.

    With the quirk `refused-scalar-has-no-request-id` there is no request id yet either.

    Source: recordings private-links 182 and 183, which have no headers of the limiter.
    """
    body = call.body
    if isinstance(body, (dict, list)) or body is MISSING or not _is_json(call):
        return
    text = json.dumps(body, ensure_ascii=False)
    refusal = bad_request(f"Unexpected token '{text[0]}', \"{text}\" is not valid JSON")
    if call.quirks.has("refused-scalar-has-no-request-id"):
        refusal.headers = (("X-Request-Id", "unknown-request-id"),)
    raise refusal


def _with_whole_numbers(body: Document) -> Document:
    """*body* with `2.0` as 2: JavaScript knows one kind of number.

    Greater ones stay floats: an int of more than 64 bits could not be written as JSON again.
    """
    if float not in map(type, body.values()):
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
