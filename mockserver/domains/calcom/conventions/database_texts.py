"""Texts in which the API's database layer refuses a private link; they reach the client as 400.

Source: recordings private-links 193, 212, team-private-links 309, 310; other values than text are
assumed from the same layer's wording.
"""

import json
import re

from mockserver.model import Document, Json

_DATE_SO_FAR = re.compile(r"[0-9TtZz:.+ -]*").fullmatch


def out_of_range(operation: str, value: Json) -> str:
    return (
        f"\nInvalid `prisma.hashedLink.{operation}()` invocation:\n\n\nValue out of range for the "
        f'type: value "{value}" is out of range for type integer'
    )


def unreadable_date(event_type_id: int, link_id: str, data: Document) -> str:
    """The refusal of an update whose `expiresAt` is no date-time; it shows the whole query."""
    return (
        "\nInvalid `prisma.hashedLink.updateMany()` invocation:\n\n{\n  where: {\n"
        f"    eventTypeId: {event_type_id},\n    link: {_printed(link_id)}\n  }},\n  data: {{\n"
        f"{_data_lines(data)}\n  }}\n}}\n\n{_reason(data['expiresAt'])}"
    )


def _data_lines(data: Document) -> str:
    lines = []
    last = list(data)[-1]
    for name, value in data.items():
        printed = _printed(value)
        lines.append(f"    {name}: {printed}{'' if name == last else ','}")
        if name == "expiresAt":
            lines.append(" " * len(f"    {name}: ") + "~" * len(printed))
    return "\n".join(lines)


def _printed(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def _reason(value: Json) -> str:
    if not isinstance(value, str):
        kind = {bool: "Boolean", int: "Int", float: "Float"}.get(type(value), "Object")
        return (
            "Argument `expiresAt`: Invalid value provided. Expected DateTime, "
            f"NullableDateTimeFieldUpdateOperationsInput or Null, provided {kind}."
        )
    why = "premature end of input" if _DATE_SO_FAR(value) else "input contains invalid characters"
    return f"Invalid value for argument `expiresAt`: {why}. Expected ISO-8601 DateTime."
