"""JSON as it comes in: strict, and no deeper than validators and the store can follow."""

import orjson

from mockserver.model import Json

DEEPEST = 200
"""Levels that are taken; jsonschema-rs and orjson give up at some 250, an answer adds a few."""


class NotJson(ValueError):
    """Text that is no JSON, or too deep; the message is the reason."""


def read_json(raw: bytes) -> Json:
    """The value of JSON in UTF-8 (no NaN, no lone surrogates). Raises NotJson."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise NotJson(str(error)) from None
    if len(raw) > DEEPEST and raw.count(b"{") + raw.count(b"[") > DEEPEST and _is_too_deep(value):
        raise NotJson(f"nested in more than {DEEPEST} levels")
    return value


def _is_too_deep(value: Json) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _held(outer)]
    return any(isinstance(inner, dict | list) for inner in level)


def _held(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
