"""What an operation of the admin API is: a function from what was asked to a reply."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mockserver.model import MISSING, Json, Reply


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, its parameters cast and everything checked against the admin document.

    *query* holds the defaults of what was not sent; *body* is MISSING where none was sent.
    """

    path: Mapping[str, Json]
    query: Mapping[str, Json]
    body: Json = MISSING


Door = Callable[[Ask], Reply]


def answer(body: Json, status: int = 200) -> Reply:
    return Reply(status, body, is_own=True)
