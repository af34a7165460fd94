"""What is written to stderr, as text or JSON: a line for each request, and the program's log."""

import json
import logging
import sys
from collections.abc import Set
from datetime import UTC, datetime
from typing import Final

import orjson

from mockserver.clock import iso_text
from mockserver.model import Document
from mockserver.web.masking import Masker
from mockserver.web.observers import Answered

TEXT_LINE: Final = "%(levelname)s %(name)s: %(message)s"
LONGEST_TARGET: Final = 2000
"""Longer ones are cut: what several processes write to one pipe stays apart only where no line is
longer than 4 kB."""
_REQUESTS = "mockserver.requests"


class RequestLog:
    """Writes one line for each request, with credentials masked as in the journal."""

    def __init__(self, form: str, secret_names: Set[str] = frozenset()) -> None:
        self._is_json = form == "json"
        self._secret_names = secret_names
        self._is_open = True

    def add(self, answered: Answered) -> None:
        """Write of one request. The mock's time may stand still: it is not shown."""
        line: Document = {
            "time": _now(),
            "level": "info",
            "logger": _REQUESTS,
            "requestId": answered.request_id.decode("latin-1"),
            "method": answered.method,
            "path": _cut(Masker(answered.headers, self._secret_names).target(answered.target)),
            "operation": answered.operation_id or None,
            "status": answered.status,
            "durationMs": round(answered.duration_s * 1000, 3),
            "actor": answered.actor,
            "requestBytes": len(answered.body),
            "responseBytes": 0 if answered.method == "HEAD" else len(answered.answer),
        }
        self._write(_json_line(line) if self._is_json else _text_line(line))

    def _write(self, line: str) -> None:
        """A reader that is gone ends the log, not the mock."""
        if not self._is_open:
            return
        try:
            sys.stderr.write(line)
            sys.stderr.flush()
        except (OSError, ValueError):  # it broke, or was closed here
            self._is_open = False


class JsonFormatter(logging.Formatter):
    """Log records as JSON, one a line; an exception's traceback is a member."""

    def format(self, record: logging.LogRecord) -> str:
        line: Document = {
            "time": iso_text(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


def log_formatter(form: str) -> logging.Formatter:
    """What writes log records as *form* (`text` or `json`) asks."""
    return JsonFormatter() if form == "json" else logging.Formatter(TEXT_LINE)


def _now() -> str:
    return iso_text(datetime.now(UTC))


def _json_line(line: Document) -> str:
    return orjson.dumps(line).decode() + "\n"


def _text_line(line: Document) -> str:
    shown = (
        f"{line['time']} {line['method']} {_printable(line['path'])} {line['status']} "
        f"{line['durationMs']} ms {_printable(line['operation'] or '-')} "
        f"{_printable(line['actor'])} "
        f"{line['requestBytes']}>{line['responseBytes']} bytes {line['requestId']}"
    )
    return f"INFO {_REQUESTS}: {shown}\n"


def _cut(target: str) -> str:
    return target if len(target) <= LONGEST_TARGET else f"{target[:LONGEST_TARGET]}..."


def _printable(text: str) -> str:
    """*text* without anything that ends a line or moves a terminal's cursor."""
    return text if text.isprintable() and text.isascii() else ascii(text)
