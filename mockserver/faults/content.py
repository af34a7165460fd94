"""Content that is not what it says, or not what was sent."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from mockserver.behaviours.faults import Fault, Plant, Wire
from mockserver.behaviours.registry import Call
from mockserver.clock import iso_text
from mockserver.faults.bodies import good_body
from mockserver.faults.items import failed, is_success, refusal
from mockserver.faults.reaching import answers_json, takes_body
from mockserver.model import Json, Reply, Violation

CATEGORY = "Content and encoding"
ECHO = "what was sent does not come back"

OnText = Callable[[str], str]


def _texts(value: Json, change: OnText) -> Json:
    """*value* with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_texts(one, change) for one in value]
    if isinstance(value, dict):
        return {name: _texts(one, change) for name, one in value.items()}
    return value


def _answer_texts(change: OnText) -> Callable[[Call, Reply, Plant], Reply]:
    def changed(call: Call, reply: Reply, plant: Plant) -> Reply:
        return reply._replace(body=_texts(reply.body, change)) if is_success(reply) else reply

    return changed


def _request_texts(change: OnText) -> Callable[[Call, Plant], None]:
    def changed(call: Call, plant: Plant) -> None:
        call.body = _texts(call.body, change)

    return changed


def _mangled(text: str) -> str:
    return text.encode("utf-8", "replace").decode("latin-1")


def _asked(text: str) -> str:
    return text.encode("ascii", "replace").decode()


def _without_astral(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if ord(c) < 0x10000)


def _instant(text: str, change: Callable[[datetime], datetime]) -> str:
    if len(text) < 20 or text[4:5] != "-" or text[10:11] != "T":
        return text
    try:
        return iso_text(change(datetime.fromisoformat(text)))
    except (ValueError, OverflowError):
        return text


def _an_hour_off(text: str) -> str:
    return _instant(text, lambda instant: instant + timedelta(hours=1))


def _to_the_minute(text: str) -> str:
    return _instant(text, lambda instant: instant.replace(second=0, microsecond=0))


def _stumble(call: Call, plant: Plant) -> None:
    """Refuse, and remember that it was a crash. Raises ApiError."""

    def look(text: str) -> str:
        if any(ord(c) > 0xFFFF or unicodedata.bidirectional(c) in _LEFTWARD for c in text):
            call.seen["crashed"] = True
            raise refusal(call, "Internal server error")
        return text

    _texts(call.body, look)


_LEFTWARD = ("R", "AL", "RLO", "RLE", "RLI")


def _fallen(call: Call, reply: Reply, plant: Plant) -> Reply:
    return failed(reply) if call.seen.get("crashed") else reply


def _html_type(call: Call, wire: Wire, plant: Plant) -> None:
    wire.set_header(b"content-type", b"text/html; charset=utf-8")


def _without_type(call: Call, wire: Wire, plant: Plant) -> None:
    wire.set_header(b"content-type", None)


def _cut_json(call: Call, wire: Wire, plant: Plant) -> None:
    wire.set_body(wire.body[: len(wire.body) * 2 // 3])


def _doubled_keys(call: Call, wire: Wire, plant: Plant) -> None:
    """The first name of the first object stands there twice, once with a null."""
    if found := re.match(rb'(\[?\{)("[^"]+":)', wire.body):
        wire.set_body(found[0] + b"null," + wire.body[len(found[1]) :])


def _wrapped(call: Call, wire: Wire, plant: Plant) -> None:
    wire.set_body(b")]}',\n" + wire.body)


def _bad_utf8(call: Call, wire: Wire, plant: Plant) -> None:
    wire.set_body(wire.body.replace(b'":"', b'":"\xff', 1))


def _not_a_number(call: Call, wire: Wire, plant: Plant) -> None:
    wire.set_body(wire.body.replace(b":", b':NaN,"x":', 1) if wire.body else wire.body)


def _maintenance(call: Call, wire: Wire, plant: Plant) -> None:
    wire.status = 200
    wire.set_header(b"content-type", b"text/html")
    wire.set_body(b"<!doctype html><title>Maintenance</title><h1>We are back soon</h1>")


def _wrong_encoding(call: Call, wire: Wire, plant: Plant) -> None:
    wire.set_header(b"content-encoding", b"gzip")


def _any_type(call: Call, broken: Sequence[Violation], plant: Plant) -> Sequence[Violation]:
    """Go on with a good body, as if what came had been read."""
    counting = [one for one in broken if one.rule != "media-type"]
    if len(counting) < len(broken):
        call.body = good_body(call, plant)
    return counting


def _content(name: str, about: str, exposed_by: str, **effects: Any) -> Fault:
    given = {"reaches": answers_json, **effects}
    return Fault(name=name, category=CATEGORY, about=about, exposed_by=exposed_by, **given)


FAULTS = (
    _content(
        "wrong-content-type",
        "JSON is served as HTML",
        "the media type is not documented",
        on_wire=_html_type,
    ),
    _content(
        "content-type-missing",
        "JSON is served without a type",
        "the media type is missing",
        on_wire=_without_type,
    ),
    _content(
        "truncated-json", "the body ends in the middle", "the body is no JSON", on_wire=_cut_json
    ),
    _content(
        "json-with-guard-prefix",
        "something stands before the JSON",
        "the body is no JSON",
        on_wire=_wrapped,
    ),
    _content("invalid-utf8", "bytes that are no text", "the body is no JSON", on_wire=_bad_utf8),
    _content(
        "not-a-number-in-json",
        "NaN, which JSON does not have",
        "the body is no JSON",
        on_wire=_not_a_number,
    ),
    _content(
        "duplicate-json-keys",
        "a name stands twice in one object, with two values",
        "an object has a name twice",
        on_wire=_doubled_keys,
    ),
    _content(
        "maintenance-page-as-200",
        "a page for people, with status 200",
        "the media type is not documented",
        on_wire=_maintenance,
    ),
    _content(
        "compression-mismatch",
        "the body is said to be compressed and is not",
        "the body cannot be read as its headers say",
        on_wire=_wrong_encoding,
    ),
    _content(
        "charset-mangled",
        "letters beyond ASCII come back as two others",
        ECHO,
        on_answer=_answer_texts(_mangled),
    ),
    _content(
        "charset-question-marks",
        "letters beyond ASCII come back as question marks",
        ECHO,
        on_answer=_answer_texts(_asked),
    ),
    _content(
        "unicode-normalised",
        "text is stored in another normal form and without emoji",
        ECHO,
        reaches=takes_body,
        on_request=_request_texts(_without_astral),
    ),
    _content(
        "crash-on-unicode",
        "emoji or right-to-left text ends in 500",
        "the server fails",
        reaches=takes_body,
        on_request=_stumble,
        on_answer=_fallen,
    ),
    _content(
        "timezone-shift",
        "instants come back an hour off",
        ECHO,
        on_answer=_answer_texts(_an_hour_off),
    ),
    _content(
        "instant-loses-seconds",
        "instants come back without their seconds",
        ECHO,
        on_answer=_answer_texts(_to_the_minute),
    ),
    _content(
        "content-type-not-checked",
        "a body that is said to be text is read as JSON",
        "a media type that is not documented is accepted",
        reaches=takes_body,
        forgives=_any_type,
    ),
)
