"""The traffic of a run as an HTTP archive (HAR 1.2), which browsers and proxies open.

Source: the HAR 1.2 specification (software is hard, "HAR 1.2 Spec").
"""

import json
from typing import Final
from urllib.parse import urldefrag

from contracts.exchange import Exchange, Headers, Request, Response
from contracts.reports.curl import is_url, url_of
from contracts.reports.printable import body_text
from contracts.results import Report
from mockserver.errors import status_title
from mockserver.model import Document

LONGEST_BODY_BYTES: Final = 1_000_000
_NO_HOST: Final = "http://target.invalid"
"""Stands for a target without a URL: entries must have an absolute one."""


def har_text(report: Report) -> str:
    """Every exchange of the run, in order."""
    return json.dumps(har(report), ensure_ascii=False) + "\n"


def har(report: Report) -> Document:
    base = report.target if is_url(report.target) else _NO_HOST
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "understudy contracts", "version": report.version or "0"},
            "entries": [_entry(exchange, base) for exchange in report.exchanges],
            "comment": f"{report.target}, run {report.run_id}",
        }
    }


def _entry(exchange: Exchange, base: str) -> Document:
    duration_ms = round(exchange.duration_s * 1000, 3)
    return {
        "startedDateTime": exchange.sent_at.isoformat(timespec="milliseconds"),
        "time": duration_ms,
        "request": _request(exchange.request, base),
        "response": _response(exchange.response),
        "cache": {},
        "timings": {"send": 0, "wait": duration_ms, "receive": 0},
        "comment": f"{exchange.number} {exchange.label}",
        "_case": exchange.case,
        "_actor": exchange.request.actor,
    }


def _request(request: Request, base: str) -> Document:
    shown: Document = {
        "method": request.method,
        "url": urldefrag(url_of(request, base)).url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(request.headers),
        "queryString": [{"name": name, "value": value} for name, value in request.query],
        "headersSize": -1,
        "bodySize": len(request.body or b""),
    }
    if request.body is not None:
        shown["postData"] = _posted(request.body, request.header("content-type") or "")
    return shown


def _posted(body: bytes, media_type: str) -> Document:
    """HAR knows no encoding of what was posted: bytes that are no text come as base64, and the
    comment says so."""
    shown = body_text(body, LONGEST_BODY_BYTES)
    notes = [shown.note] if shown.note else []
    if shown.encoding == "base64":
        notes.append("base64")
    return {"mimeType": media_type, "params": [], "text": shown.text, "comment": "; ".join(notes)}


def _response(response: Response) -> Document:
    return {
        "status": response.status,
        "statusText": status_title(response.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(response.headers),
        "content": _content(response),
        "redirectURL": response.header("location") or "",
        "headersSize": -1,
        "bodySize": len(response.body),
    }


def _content(response: Response) -> Document:
    shown = body_text(response.body, LONGEST_BODY_BYTES, is_cut=response.is_cut)
    content: Document = {
        "size": len(response.body),
        "mimeType": response.header("content-type") or "application/octet-stream",
        "text": shown.text,
    }
    if shown.encoding == "base64":
        content["encoding"] = "base64"
    if shown.note:
        content["comment"] = shown.note
    return content


def _headers(headers: Headers) -> list[Document]:
    return [{"name": name, "value": value} for name, value in headers]
