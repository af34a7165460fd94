"""A request with the names of one side, told with those of the other."""

import json
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, quote, unquote, urlencode

from contracts.exchange import Request
from contracts.parity.names import TEXT, name_kind, noun_before, noun_of
from contracts.parity.renaming import Renaming
from mockserver.model import MISSING, Json


def renamed_request(request: Request, renaming: Renaming) -> Request:
    """*request* with each name that is known replaced, in path, query and JSON body; everything
    else stays as it is, byte by byte."""
    path, mark, query = request.target.partition("?")
    target = renamed_path(path, renaming) + mark + _query(query, renaming)
    body = request.body
    if request.json is not MISSING:
        content = _json((), request.json, noun_of(path), renaming)
        if content != request.json:
            body = json.dumps(content, ensure_ascii=False).encode()
    return replace(request, target=target, body=body)


def renamed_path(path: str, renaming: Renaming) -> str:
    """*path* (percent-encoded) with the names of the other side."""
    segments = path.split("/")
    return "/".join(_segment(segments, index, renaming) for index in range(len(segments)))


def _segment(segments: Sequence[str], index: int, renaming: Renaming) -> str:
    found = renaming.present(_segment_kind(segments, index), unquote(segments[index]))
    return segments[index] if found is None else quote(found, safe="")


def _segment_kind(segments: Sequence[str], index: int) -> str:
    return noun_before(segments, index) if segments[index].isdecimal() else TEXT


def _query(query: str, renaming: Renaming) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    changed = [(name, _query_value(name, value, renaming)) for name, value in pairs]
    return query if changed == pairs else urlencode(changed)


def _query_value(name: str, value: str, renaming: Renaming) -> str:
    return str(_json((name,), int(value) if value.isdecimal() else value, "", renaming))


def _json(place: tuple[str | int, ...], value: Json, noun: str, renaming: Renaming) -> Json:
    if isinstance(value, dict):
        return {key: _json((*place, key), one, noun, renaming) for key, one in value.items()}
    if isinstance(value, list):
        return [_json((*place, at), one, noun, renaming) for at, one in enumerate(value)]
    kind = name_kind(place, value, noun)
    found = None if kind is None else renaming.present(kind, str(value))
    if found is None:
        return value
    return int(found) if isinstance(value, int) else found
