"""HTTP archives (HAR 1.2) as recordings: the entries that go to the API, in the order of time.

An archive does not say what in a request is a variable: ids are renamed by what the answers show.
Source: the HAR 1.2 specification (software is hard, "HAR 1.2 Spec").
"""

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from contracts.actors import OWNER
from contracts.exchange import Headers, Request, Response
from contracts.parity.recorded import Recorded, read_instant, unreadable
from mockserver.errors import SetupError
from mockserver.model import Document

CREDENTIALS: Final = frozenset({"authorization", "cookie", "x-api-key"})
"""Headers of a request that carry whoever was recorded."""
_OF_CONNECTION: Final = frozenset({"host", "connection", "content-length", "accept-encoding"})
"""Headers of a request that each connection has its own of; names with a colon are HTTP/2's."""
_OF_TRANSFER: Final = frozenset({"content-encoding", "transfer-encoding"})
"""Headers of an answer that are no longer true of the body in an archive."""


def read_archive(path: Path) -> list[Recorded]:
    """The entries of the archive, numbered by place. Raises SetupError."""
    try:
        entries = json.loads(path.read_text("utf-8-sig"))["log"]["entries"]
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from error
    except (ValueError, KeyError, TypeError) as error:
        raise SetupError("no HTTP archive (HAR 1.2): it has no log.entries", file=path) from error
    if not isinstance(entries, list) or not entries:
        raise SetupError("the archive has no entries", file=path)
    return [_recorded(path, number, entry) for number, entry in enumerate(entries, 1)]


def _recorded(path: Path, number: int, entry: Document) -> Recorded:
    try:
        return Recorded(
            seq=number,
            file=path.name,
            name=str(entry.get("comment", "")),
            sent_at=read_instant(entry["startedDateTime"]),
            request=_request(entry["request"], entry.get("_actor")),
            response=_response(entry["response"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"lacks {error}" if isinstance(error, KeyError) else str(error)
        place = f"entry {number}"
        raise SetupError(f"no entry of an archive: {what}", file=path, place=place) from error


def _request(request: Document, actor: str | None) -> Request:
    parts = urlsplit(request["url"])
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = tuple(
        (name, value)
        for name, value in _headers(request["headers"])
        if name.lower() not in _OF_CONNECTION and not name.startswith(":")
    )
    if actor is None:  # not written by us: whoever has a credential plays the owner
        is_somebody = any(name.lower() in CREDENTIALS for name, _ in headers)
        actor = OWNER if is_somebody else ""
    posted = request.get("postData")
    body = None if not posted else _posted(posted)
    return Request(str(request["method"]).upper(), target, headers, body, actor)


def _posted(posted: Document) -> bytes:
    text = str(posted.get("text", ""))
    is_encoded = "base64" in str(posted.get("comment", "")).split("; ")
    return base64.b64decode(text) if is_encoded else text.encode()


def _response(response: Document) -> Response:
    content = response.get("content") or {}
    text = str(content.get("text", ""))
    body = base64.b64decode(text) if content.get("encoding") == "base64" else text.encode()
    headers = tuple(
        pair for pair in _headers(response["headers"]) if pair[0].lower() not in _OF_TRANSFER
    )
    is_cut = not body and int(content.get("size") or 0) > 0
    return Response(int(response["status"]), headers, body, is_cut)


def _headers(headers: Sequence[Document]) -> Headers:
    return tuple((str(one["name"]), str(one["value"])) for one in headers)
