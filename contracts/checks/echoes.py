"""Whether an answer speaks of what the request was about: the same item, parents and texts."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from contracts.checks.places import addressed, source_of
from contracts.exchange import Exchange
from contracts.findings import Finding, Severity
from contracts.yardstick import Yardstick
from mockserver.model import MISSING, Json
from mockserver.openapi import ResourceAction

_QUALIFIED_ID: Final = re.compile(r".+(?:[a-z0-9]I[dD]|_id|-id|Uuid|_uuid|Uid|_uid)$")
"""Names that say whose id they are; a plain `id` is that of whatever it stands in."""
_OF_ONE: Final = frozenset({"read", "update", "replace", "delete"})


def ids_are_those_of_the_path(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """An item has the id that was asked for, and names the parents that the path names."""
    operation = addressed(exchange)
    if operation is None or not exchange.is_success or not exchange.path_values:
        return
    action = yardstick.resources.get(yardstick.driving(operation).id)
    shown = _payload(exchange, action)
    if isinstance(shown, dict) and action is not None and action.kind in _OF_ONE:
        id_name, id_field = action.resource.id_name, action.resource.id_field
        if _differs(exchange, shown, id_field, id_name):
            yield _finding(exchange, "wrong-id", shown, id_field, id_name)
    fields = _fields(exchange, action)
    for item in shown if isinstance(shown, list) else [shown]:
        for name, field in fields.items() if isinstance(item, dict) else ():
            if _differs(exchange, item, field, name):
                yield _finding(exchange, "wrong-parent-id", item, field, name)
                return


def location_leads_to_the_new_item(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """The Location of a 201 is a path that the document has, and ends with the new item's id."""
    operation, location = addressed(exchange), exchange.response.header("location")
    if operation is None or exchange.response.status != 201 or location is None:
        return
    path = urlsplit(urljoin(exchange.request.path, location)).path
    match = yardstick.match("GET", path)
    if match is None and not yardstick.methods(path):
        expected, cause = "a path of the document", "unknown path"
    else:
        id = _new_id(exchange, yardstick)
        if id is None or path.rstrip("/").rpartition("/")[2] == id:
            return
        expected, cause = f"a path that ends with the id {id}", "other id"
    yield Finding(
        rule="location-wrong",
        operation=exchange.label,
        severity=Severity.MEDIUM,
        message="The header Location does not lead to what was created.",
        expected=expected,
        source="RFC 9110 section 10.2.2",
        came=f"Location: {location}",
        exchange=exchange,
        cause=cause,
    )


def texts_come_back_whole(exchange: Exchange, yardstick: Yardstick) -> Iterator[Finding]:
    """A text that was sent does not come back, under the same name, in broken letters."""
    sent, operation = exchange.request.json, addressed(exchange)
    if operation is None or not exchange.is_success or not isinstance(sent, dict):
        return
    texts = {k: v for k, v in sent.items() if isinstance(v, str) and not v.isascii()}
    if not texts:
        return
    action = yardstick.resources.get(yardstick.driving(operation).id)
    shown = _payload(exchange, action)
    for name, text in texts.items() if isinstance(shown, dict) else ():
        came = shown.get(name)
        if isinstance(came, str) and came != text and (how := _broken(text, came)):
            yield Finding(
                rule="text-mangled",
                operation=exchange.label,
                severity=Severity.HIGH,
                message=f"The text of {name} comes back {how}: keep and answer texts in UTF-8, as "
                "they were sent.",
                expected=f'{name}: "{text}"',
                source="RFC 8259 section 8.1",
                came=f'{name}: "{came}"',
                exchange=exchange,
                cause=f"{name} {how}",
            )


def _payload(exchange: Exchange, action: ResourceAction | None) -> Json:
    """What an answer is about; for an operation of no resource, the whole body, or its `data`."""
    body = exchange.response.json
    if action is not None:
        return action.envelope.unwrap(body) if action.envelope else MISSING
    if isinstance(body, dict) and isinstance(body.get("data"), dict | list):
        return body["data"]
    return body


def _fields(exchange: Exchange, action: ResourceAction | None) -> Mapping[str, str]:
    """The properties that hold what a path parameter says, by the name of the parameter."""
    fields = {name: name for name in exchange.path_values if _QUALIFIED_ID.fullmatch(name)}
    if action is not None:
        if action.kind in _OF_ONE:
            fields.pop(action.resource.id_name, None)
        fields |= {p.parameter: p.field for p in action.resource.parents if p.is_shown}
    return fields


def _differs(exchange: Exchange, item: Mapping[str, Any], field: str, parameter: str) -> bool:
    """Whether a property says something else than the path, and the request did not ask for it."""
    shown, asked = item.get(field, MISSING), exchange.path_values.get(parameter)
    if asked is None or isinstance(shown, bool) or not isinstance(shown, str | int | float):
        return False
    sent = exchange.request.json
    if isinstance(sent, dict) and sent.get(field, MISSING) == shown:
        return False
    return not _is_same(shown, asked)


def _is_same(shown: str | int | float, asked: str) -> bool:
    if isinstance(shown, str):
        return shown == asked or _folded(shown) == _folded(asked)
    for read in (int, float):  # as a float, a long id may seem the same as its neighbour
        try:
            return shown == read(asked)
        except ValueError:
            continue
    return False


def _folded(text: str) -> str:
    """Ids of the hexadecimal kind are the same in both cases."""
    return text.lower() if re.fullmatch(r"[0-9a-fA-F-]{32,36}", text) else text


def _finding(
    exchange: Exchange, rule: str, item: Mapping[str, Any], field: str, parameter: str
) -> Finding:
    asked = exchange.path_values[parameter]
    what = "another item than the path asks for" if rule == "wrong-id" else "another parent"
    operation = exchange.operation
    assert operation is not None, "only answers of an operation are judged"
    return Finding(
        rule=rule,
        operation=exchange.label,
        severity=Severity.HIGH,
        message=f"The answer names {what}: its {field} is not the {parameter} of the path.",
        expected=f"{field}: {asked}",
        source=f"{source_of(operation)}: {parameter} in the path",
        came=f"{field}: {item[field]}",
        exchange=exchange,
        cause=field,
    )


def _new_id(exchange: Exchange, yardstick: Yardstick) -> str | None:
    operation = exchange.operation
    action = yardstick.resources.get(yardstick.driving(operation).id) if operation else None
    shown = _payload(exchange, action) if action else MISSING
    if action is None or not isinstance(shown, dict) or action.resource.id_field not in shown:
        return None
    return str(shown[action.resource.id_field])


def _broken(sent: str, came: str) -> str:
    """How *came* is a broken form of *sent*; `` where it is another text."""
    for coding in ("latin-1", "cp1252"):
        if came == sent.encode("utf-8", "replace").decode(coding, "replace"):
            return "encoded twice"
    marks = "".join(re.escape(c) if c.isascii() else "\0" for c in sent)
    lost = re.sub("\0+", lambda _: "[?\ufffd]+", marks)
    if ("?" in came or "\ufffd" in came) and re.fullmatch(lost, came, re.DOTALL):
        return "with letters lost"
    if unicodedata.normalize("NFC", came) == unicodedata.normalize("NFC", sent):
        return "in another normal form"
    return ""
