"""What a journalled request is compared with, and in what it differs."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache

from mockserver.model import MISSING, Document, Json
from mockserver.web.journal_entry import parsed
from mockserver.web.masking import MASK, Masker
from mockserver.web.observers import Answered

_PLACEHOLDER = re.compile(r"\\\{[^{}/]+\\\}")
_COMPARED_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Difference:
    """One respect in which a request is not what was asked for; *weight* is how far off."""

    part: str
    wanted: Json
    got: Json
    weight: float = 1.0

    def as_json(self) -> Document:
        got = {} if self.got is MISSING else {"got": self.got}
        return {"part": self.part, "wanted": self.wanted, **got}


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPattern:
    """Which requests are meant; what is None or empty is not compared.

    *path* is exact, a prefix (`/v2/event-types*`) or a template
    (`/v2/event-types/{eventTypeId}`), compared with the query only if it has a `?` itself.
    *status* is `404` or `4xx`. *json* must be contained in the request's body: objects may have
    more members, lists as many elements. A value in *headers* may end in `*`.
    """

    method: str | None = None
    path: str | None = None
    operation_id: str | None = None
    status: str | None = None
    body_contains: str | None = None
    json: Json = MISSING
    headers: Mapping[str, str] = field(default_factory=dict)

    def differences(self, request: Answered, masker: Masker | None = None) -> Iterator[Difference]:
        """In what *request* differs; credentials are masked where a *masker* is given."""
        target = masker.target(request.target) if masker else request.target
        if self.method and self.method.upper() != request.method:
            yield Difference("method", self.method.upper(), request.method, 0.5)
        if self.path and not matches_path(self.path, request.target):
            yield Difference("path", self.path, target, 2 * _distance(self.path, request.path))
        if self.operation_id and self.operation_id != request.operation_id:
            far = _distance(self.operation_id, request.operation_id)
            yield Difference("operationId", self.operation_id, request.operation_id or None, far)
        if self.status and not matches_status(self.status, request.status):
            is_kin = self.status[0] == str(request.status)[0]
            yield Difference("status", self.status, request.status, 0.25 if is_kin else 0.5)
        yield from self._in_headers(request, masker)
        yield from self._in_body(request, masker)

    def matches(self, request: Answered) -> bool:
        if self.path and not matches_path(self.path, request.target):
            return False  # the commonest miss, told without measuring how near it is
        return next(self.differences(request), None) is None

    def _in_headers(self, request: Answered, masker: Masker | None) -> Iterator[Difference]:
        for name, wanted in self.headers.items():
            got = request.headers.get(name.lower())
            if got is None:
                yield Difference(f"header {name}", wanted, MISSING, 0.5)
            elif not _matches_text(wanted, got):
                shown = masker.header(name, got) if masker else got
                yield Difference(f"header {name}", wanted, shown, 0.5)

    def _in_body(self, request: Answered, masker: Masker | None) -> Iterator[Difference]:
        if self.body_contains and self.body_contains.encode() not in request.body:
            yield Difference("body", self.body_contains, MISSING)
        if self.json is MISSING:
            return
        body = parsed(request.body)
        if body is MISSING:
            yield Difference("json", self.json, MISSING)
            return
        for place, wanted, got in not_contained(self.json, body):
            shown = _masked(place, got, masker) if masker else got
            yield Difference(f"json {place}".rstrip(), wanted, shown, 0.3)


ANY_REQUEST = RequestPattern()


def matches_path(pattern: str, target: str) -> bool:
    """Tell whether a target's path (with its query, if *pattern* has one) is as *pattern* says."""
    compared = target if "?" in pattern else target.partition("?")[0]
    if pattern.endswith("*"):
        return _path_regex(pattern[:-1]).match(compared) is not None
    return _path_regex(pattern).fullmatch(compared) is not None


def matches_status(pattern: str, status: int) -> bool:
    """Tell whether *status* is the one of `404`, or one of `4xx`."""
    if pattern[1:].lower() == "xx":
        return pattern[0] == str(status)[0]
    return pattern == str(status)


def not_contained(wanted: Json, got: Json, place: str = "") -> Iterator[tuple[str, Json, Json]]:
    """Places (JSON pointers) where *got* lacks what *wanted* has, with both values."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        for name, part in wanted.items():
            inner = f"{place}/{name.replace('~', '~0').replace('/', '~1')}"
            if name not in got:
                yield inner, part, MISSING
            else:
                yield from not_contained(part, got[name], inner)
    elif isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        for index, (part, other) in enumerate(zip(wanted, got, strict=True)):
            yield from not_contained(part, other, f"{place}/{index}")
    elif isinstance(wanted, bool) != isinstance(got, bool) or wanted != got:
        yield place, wanted, got


@lru_cache(16)
def _path_regex(pattern: str) -> re.Pattern[str]:
    """Each placeholder but the last ends at the first place it can, and stays there: trying the
    others too would find nothing more, and take for ever on a pattern full of placeholders."""
    first, *others = _PLACEHOLDER.split(re.escape(pattern))
    if not others:
        return re.compile(first)
    settled = "".join(f"(?>[^/?]+?{text})" for text in others[:-1])
    return re.compile(f"{first}{settled}[^/?]+{others[-1]}")


def _matches_text(pattern: str, text: str) -> bool:
    return text.startswith(pattern[:-1]) if pattern.endswith("*") else text == pattern


def _distance(one: str, other: str) -> float:
    """From 0 (equal) to 1; of long texts only the beginnings count, for it takes their product."""
    one, other = one[:_COMPARED_LENGTH], other[:_COMPARED_LENGTH]
    return 1 - SequenceMatcher(None, one, other, autojunk=False).ratio()


def _masked(place: str, value: Json, masker: Masker) -> Json:
    if value is MISSING:
        return value
    if masker.is_secret(place.rpartition("/")[2]):
        return MASK
    return masker.value(value)
