"""Every operation without, with wrong, expired and foreign credentials, and for each role."""

from collections.abc import Iterator

from contracts.suites.auth.credentials import credential_cases
from contracts.suites.auth.foreign import foreign_cases
from contracts.suites.auth.hidden import hidden_cases
from contracts.suites.auth.readers import reader_cases
from contracts.suites.auth.roles import role_cases
from contracts.suites.session import Case, Options
from contracts.yardstick import Yardstick

__all__ = ["cases"]


def cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """The suite's cases, in the document's order of operations; made without traffic."""
    for make in (credential_cases, foreign_cases, reader_cases, role_cases, hidden_cases):
        yield from make(yardstick, options)
