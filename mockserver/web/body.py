"""The request body: read within its limit, then understood by its media type."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from mockserver.errors import ApiError
from mockserver.model import MISSING, Json, Violation
from mockserver.openapi import Operation
from mockserver.web.asgi import Receive
from mockserver.web.json_text import NotJson, read_json

JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"
_UTF8 = ("utf-8", "utf8", "us-ascii", "ascii")


class ClientGone(Exception):
    """The client hung up before its body was complete."""


async def read_body(receive: Receive, headers: Mapping[str, str], limit_bytes: int) -> bytes | None:
    """The whole body; None where it is longer than *limit_bytes*. Raises ClientGone."""
    announced = headers.get("content-length", "")
    if announced.isdecimal() and len(announced) < 20 and int(announced) > limit_bytes:
        return None
    parts, size, is_more = [], 0, True
    while is_more:
        message = await receive()
        parts.append(_part(message))
        size += len(parts[-1])
        if size > limit_bytes:
            return None
        is_more = message.get("more_body", False)
    return b"".join(parts)


def _part(message: Mapping[str, Json]) -> bytes:
    if message["type"] == "http.disconnect":
        raise ClientGone
    part: bytes = message.get("body", b"")
    return part


def too_large() -> ApiError:
    return ApiError(413, "request entity too large")


def media_type(headers: Mapping[str, str]) -> tuple[str, str]:
    """Media type and charset of the body, lower case; JSON in UTF-8 where nothing is said."""
    value = headers.get("content-type")
    if value is None or value == JSON_TYPE:
        return JSON_TYPE, "utf-8"
    kind, _, rest = value.partition(";")
    charset = "utf-8"
    for parameter in rest.split(";"):
        name, _, setting = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = setting.strip().strip('"').lower()
    return kind.strip().lower(), charset


def is_json(kind: str) -> bool:
    return kind == JSON_TYPE or kind.endswith("+json")


def parse_body(
    raw: bytes, headers: Mapping[str, str], operation: Operation
) -> tuple[Json, Violation | None]:
    """The body as a value (MISSING where none was sent), or why it cannot be one.

    JSON that is no JSON raises ApiError 400: that is found before anybody asks who is calling.
    A media type that the operation does not take is a violation, reported with the others.
    """
    if not raw:
        return MISSING, None
    if headers.get("content-type") == JSON_TYPE and JSON_TYPE in operation.body_content:
        return parse_json(raw), None
    kind, charset = media_type(headers)
    if not _takes(operation, kind) or (is_json(kind) and charset not in _UTF8):
        known = ", ".join(operation.body_content) or "no body"
        message = f"{headers.get('content-type', kind)} is not accepted here, only {known}"
        return MISSING, Violation("body", (), "media-type", message, kind)
    if is_json(kind):
        return parse_json(raw), None
    text = raw.decode("utf-8", "replace")
    return (dict(parse_qsl(text, keep_blank_values=True)) if kind == FORM_TYPE else text), None


def parse_json(raw: bytes) -> Json:
    """Strict JSON in UTF-8 (no NaN). Raises ApiError 400 with the parser's reason."""
    try:
        return read_json(raw)
    except NotJson as error:
        raise ApiError(400, f"Malformed JSON in the request body: {error}") from None


def _takes(operation: Operation, kind: str) -> bool:
    if kind in operation.body_content:
        return True
    family = kind.split("/")[0] + "/*"
    return family in operation.body_content or "*/*" in operation.body_content
