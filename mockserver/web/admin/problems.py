"""Refusals of the admin API, as `application/problem+json` with `validation[]`."""

from collections.abc import Sequence
from dataclasses import dataclass

from mockserver.errors import ApiError, SetupError, status_title
from mockserver.model import Document, Reply
from mockserver.web.own import MARK, RETRY_AFTER

PROBLEM_TYPE = "application/problem+json"
_LONGEST_TEXT = 500
_MOST_FLAWS = 100


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong with a request; *location* is like `body/freeze`."""

    location: str
    code: str
    message: str

    def as_json(self) -> Document:
        return {
            "location": _shortened(self.location),
            "severity": "error",
            "code": self.code,
            "message": _shortened(self.message),
        }


class Refusal(Exception):
    """The admin API says no."""

    def __init__(
        self,
        status: int,
        detail: str,
        flaws: Sequence[Flaw] = (),
        headers: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.flaws = tuple(flaws)
        self.headers = tuple(headers)


def unusable(location: str, code: str, message: str) -> Refusal:
    """422 with one flaw."""
    return Refusal(422, message, [Flaw(location, code, message)])


def refusal_of(error: ApiError | SetupError) -> Refusal:
    """What the simulated API or the setup refuses, in the admin API's words."""
    if isinstance(error, ApiError):
        return Refusal(error.status, error.message, headers=error.headers)
    location = f"body/{error.place.strip('/')}".rstrip("/")
    return unusable(location, "invalid", str(error))


def unreachable(error: Exception) -> Refusal:
    """The database does not answer."""
    return Refusal(503, f"{error}; nothing was changed", headers=[(MARK, "store"), RETRY_AFTER])


def require_one_process(count: int, what: str) -> None:
    """Raises Refusal 409 where *what* is not the same in all processes that serve the mock."""
    if count > 1:
        detail = (
            f"{count} processes serve this mock, and each has {what} of its own; "
            "serve it with --workers 1 for that"
        )
        raise Refusal(409, detail)


def problem(refusal: Refusal) -> Reply:
    """The answer that tells of *refusal*."""
    body: Document = {
        "type": "about:blank",
        "title": status_title(refusal.status),
        "status": refusal.status,
        "detail": _shortened(refusal.detail),
        "validation": [flaw.as_json() for flaw in refusal.flaws[:_MOST_FLAWS]],
    }
    return Reply(refusal.status, body, refusal.headers, PROBLEM_TYPE, is_own=True)


def _shortened(text: str) -> str:
    """*text*, which may quote megabytes of what was sent, at a length that people read."""
    if len(text) <= _LONGEST_TEXT:
        return text
    half = _LONGEST_TEXT // 2
    return f"{text[:half]} ... {text[-half:]}"
