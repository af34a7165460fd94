"""Recordings of a real server, read: one line of JSON for each exchange, or an HTTP archive.

A line: `{"seq", "group", "name", "sent_at", "note", "request": {"method", "path", "headers",
"body", "path_template", "body_template"}, "response": {"status", "headers": [[name, value]],
"body", "body_is_json"}, "capture": {variable: [key, ...]}}`. Templates hold variables `<<name>>`,
whose values `capture` takes from the answer's body. Keys are masked as `<key:NAME>`. A body that is
sent letter by letter is `{"__raw__": text}`.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from contracts.exchange import Response
from contracts.parity.archives import read_archive
from contracts.parity.recorded import RAW, Recorded, json_request, read_instant, unreadable
from mockserver.errors import SetupError
from mockserver.model import MISSING, Document, Json

__all__ = ["Recorded", "read_recordings"]

HAR: Final = ".har"


def read_recordings(files: Iterable[Path]) -> list[Recorded]:
    """The exchanges of all *files* in the order of sending. Raises SetupError.

    Lines of JSON go by `seq` over all files. The entries of archives (`.har`) go by time, after
    them.
    """
    paths = list(files)
    lines = [one for path in paths if path.suffix != HAR for one in _read_lines(path)]
    numbers: dict[int, Recorded] = {}
    for one in lines:
        if (before := numbers.setdefault(one.seq, one)) is not one:
            reason = f"this `seq` stands in {before.file} too"
            raise SetupError(reason, file=one.file, value=one.seq)
    ordered = sorted(lines, key=lambda one: one.seq)
    last = ordered[-1].seq if ordered else 0
    entries = [one for path in paths if path.suffix == HAR for one in read_archive(path)]
    return [*ordered, *_numbered(entries, last)]


def _read_lines(path: Path) -> list[Recorded]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from error
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not numbered:
        raise SetupError("the recording is empty", file=path)
    return [_read_line(path, number, line) for number, line in numbered]


def _read_line(path: Path, number: int, line: str) -> Recorded:
    try:
        return _recorded(path.name, json.loads(line))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"lacks {error}" if isinstance(error, KeyError) else str(error)
        reason = f"no exchange of a recording: {what}"
        raise SetupError(reason, file=path, place=f"line {number}") from error


def _recorded(file: str, line: Document) -> Recorded:
    request, response = line["request"], line["response"]
    captured = line.get("capture") or {}
    return Recorded(
        seq=int(line["seq"]),
        file=file,
        name=str(line.get("name", "")),
        sent_at=read_instant(line["sent_at"]),
        request=json_request(
            request["method"],
            request["path"],
            tuple((str(name), str(value)) for name, value in request["headers"].items()),
            request.get("body"),
        ),
        response=_response(response),
        path_template=str(request.get("path_template") or ""),
        body_template=request.get("body_template") if "body_template" in request else MISSING,
        capture={str(name): tuple(place) for name, place in captured.items()},
    )


def _response(response: Document) -> Response:
    body = response.get("body")
    if response.get("body_is_json", not isinstance(body, str)) and body is not None:
        content = json.dumps(body, ensure_ascii=False).encode()
    else:
        content = b"" if body is None else str(_raw_text(body)).encode()
    headers = tuple((str(name), str(value)) for name, value in response["headers"])
    return Response(int(response["status"]), headers, content)


def _raw_text(body: Json) -> Json:
    return body[RAW] if isinstance(body, dict) and list(body) == [RAW] else body


def _numbered(entries: Sequence[Recorded], last: int) -> list[Recorded]:
    in_time = sorted(entries, key=lambda one: one.sent_at)
    return [replace(one, seq=number) for number, one in enumerate(in_time, last + 1)]
