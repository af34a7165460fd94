"""What the rate limit headers of one answer say together."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from contracts.exchange import Response

_LIMIT: Final = re.compile(r"^((?:x-)?rate-?limit-)limit", re.IGNORECASE)


class Overdraft(NamedTuple):
    """A limit, and the header beside it that promises more requests than the limit allows."""

    limit_name: str
    limit: str
    remaining_name: str
    remaining: str


def overdrafts(response: Response) -> Iterator[Overdraft]:
    """Each limit of *response* beside which more is left.

    Source: what `limit` and `remaining` mean in the IETF draft of RateLimit header fields.
    """
    told = {name.lower(): value for name, value in response.headers}
    for name, limit in told.items():
        remaining_name, count = _LIMIT.subn(r"\1remaining", name)
        remaining = told.get(remaining_name, "") if count else ""
        if limit.isdecimal() and remaining.isdecimal() and int(remaining) > int(limit):
            yield Overdraft(name, limit, remaining_name, remaining)
