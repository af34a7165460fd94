"""Small recordings for tests: the one that lies beside them, changed or as an archive."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from mockserver.model import Document

SMALL: Final = Path(__file__).parents[2] / "data" / "small-recording.jsonl"
"""Ten exchanges of the mock (profile observed), with the ids of another server: an event type 907
and two links of it. Made with the mock itself."""


def lines_of(path: Path) -> list[Document]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def written(path: Path, lines: Iterable[Document]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def entry(
    method: str,
    path: str,
    *,
    status: int = 200,
    body: str | None = None,
    headers: Mapping[str, str] | None = None,
    answer: str = "{}",
    at: str = "2026-11-21T09:00:00Z",
) -> Document:
    """One entry of an HTTP archive."""
    request: Document = {
        "method": method,
        "url": f"https://api.test{path}",
        "headers": [{"name": name, "value": value} for name, value in (headers or {}).items()],
    }
    if body is not None:
        request["postData"] = {"mimeType": "application/json", "text": body}
    content = {"size": len(answer), "mimeType": "application/json", "text": answer}
    response = {"status": status, "headers": [], "content": content}
    return {"startedDateTime": at, "request": request, "response": response}


def archive(folder: Path, *entries: Document) -> Path:
    path = folder / "traffic.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": list(entries)}}), "utf-8")
    return path
