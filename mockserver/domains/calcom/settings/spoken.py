"""How JavaScript puts a value into a sentence."""

import json

from mockserver.model import Json


def spoken(value: Json) -> str:
    """*value* as it reads inside a message: `true`, `5`, `[object Object]`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "[object Object]"
    if isinstance(value, list):
        return ",".join("" if item is None else spoken(item) for item in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "null" if value is None else str(value)


def json_text(value: Json) -> str:
    """*value* as JavaScript writes it: without blanks, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
