"""One exchange of a recording, and what its readers share."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from contracts.exchange import Headers, Request, Response
from mockserver.errors import SetupError
from mockserver.model import MISSING, Json

RAW: Final = "__raw__"
"""Marks a body that was sent letter by letter."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One exchange of a recording.

    *request* is what was sent, with `<key:NAME>` where a key stood. *path_template* is `` and
    *body_template* MISSING where the recording has none. *capture* gives for each variable the
    path of its value in the answer's body. *file* is the recording's name without folder.
    """

    seq: int
    file: str
    name: str
    sent_at: datetime
    request: Request
    response: Response
    path_template: str = ""
    body_template: Json = MISSING
    capture: Mapping[str, tuple[str | int, ...]] = field(default_factory=dict)

    @property
    def is_template(self) -> bool:
        """Whether the recording says what in the request is a variable."""
        return bool(self.path_template)


def json_request(method: str, target: str, headers: Headers, body: Json) -> Request:
    """A request whose *body* is JSON, `{"__raw__": text}`, or None for none."""
    if isinstance(body, dict) and list(body) == [RAW]:
        return Request(method, target, headers, str(body[RAW]).encode())
    content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    return Request(method, target, headers, content)


def read_instant(text: str) -> datetime:
    """An instant in ISO 8601, aware; UTC without a zone. Raises ValueError."""
    found = datetime.fromisoformat(text)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def unreadable(path: Path, error: Exception) -> SetupError:
    """What to say of a file that is no readable text."""
    if isinstance(error, UnicodeDecodeError):
        return SetupError("the recording is no UTF-8 text", file=path)
    why = getattr(error, "strerror", None) or str(error)
    return SetupError(f"the recording cannot be read: {why.lower()}", file=path)
