"""The status that a caller chose, told in the body of the answer as well.

A problem that the document describes for many statuses, or only by its schema, names one status
of its own; the answer must not contradict its status line.

Source: RFC 9457 sections 3.1.2 and 4.2.1 (`status` is that of the answer, `title` its phrase).
"""

from collections.abc import Iterator, Mapping

from mockserver.errors import status_title
from mockserver.model import Document, Json
from mockserver.openapi.sample import Sampler

_STATUS_NAMES = ("status", "statusCode")
_NO_TYPES = (None, "about:blank")


def with_status(
    body: Json,
    status: int,
    schema: Mapping[str, Json] | None,
    sampler: Sampler,
    *,
    is_made_up: bool,
) -> Json:
    """*body* as an answer of *status*, as far as *schema* lets it be one.

    Only refusals with a number in `status` or `statusCode` are changed. The title of an example
    with a type of its own is the type's, and stays.
    """
    if status < 400 or not isinstance(body, dict):
        return body
    numbers = [name for name in _STATUS_NAMES if _is_number(body.get(name))]
    if not numbers:
        return body
    told: Document = {**body, **dict.fromkeys(numbers, status)}
    fitting = (
        one
        for one in _spellings(body, told, status, is_made_up=is_made_up)
        if schema is None or sampler.fits(schema, one, "response")
    )
    return next(fitting, body)


def _spellings(
    body: Document, told: Document, status: int, *, is_made_up: bool
) -> Iterator[Document]:
    """*told* with the title of *status* where the title is that of a status, then without."""
    title = body.get("title")
    is_of_status = is_made_up or body.get("type") in _NO_TYPES
    if isinstance(title, str) and is_of_status:
        yield {**told, "title": status_title(status)}
    yield told


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
