"""The two errors that are normal work: the simulated API says no, and the user's files are wrong.

Anything else that is raised is a bug of the mock and ends in a 500 marked as its own.
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from http import HTTPStatus


class ApiError(Exception):
    """The simulated API refuses a request.

    *code* and *details* are words of the API's own error body; left empty, the API's renderer
    fills in what goes with *status*. *headers* are added to the answer. *keeps_changes* tells
    that what was written before the refusal stays written; else it is undone.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str = "",
        details: object = None,
        headers: Sequence[tuple[str, str]] = (),
        keeps_changes: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.details = details
        self.headers = tuple(headers)
        self.keeps_changes = keeps_changes


class SetupError(Exception):
    """What the user gave cannot be used: says which file, where in it, which value, and why.

    *place* is a pointer into the file, a flag or an environment name. *known* are the values
    that would have been right; the nearest one to *value* is offered.
    """

    def __init__(
        self,
        reason: str,
        *,
        file: object = None,
        place: str = "",
        value: object = None,
        known: Iterable[str] = (),
    ) -> None:
        self.reason = reason
        self.file = None if file is None else str(file)
        self.place = place
        self.value = value
        self.nearest = nearest(str(value), known) if value is not None else None
        super().__init__(self._text())

    def _text(self) -> str:
        where = ": ".join(part for part in (self.file, self.place) if part)
        value = "" if self.value is None else f" (got {_shortened(self.value)})"
        hint = f"; did you mean {self.nearest!r}?" if self.nearest else ""
        return f"{where}: {self.reason}{value}{hint}" if where else f"{self.reason}{value}{hint}"


_TITLES = {
    413: "Content Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
}
"""Where the standard library has older words in some versions of Python."""


def status_title(status: int) -> str:
    """What RFC 9110 calls a status; `Error` for one that it does not know."""
    if status in _TITLES:
        return _TITLES[status]
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def nearest(value: str, known: Iterable[str]) -> str | None:
    """The member of *known* most like *value*, or None where none is like it."""
    matches = get_close_matches(value, list(known), n=1, cutoff=0.5)
    return matches[0] if matches else None


def _shortened(value: object, limit: int = 80) -> str:
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 3] + "..."
