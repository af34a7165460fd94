"""A credential that may only read writes nothing."""

from collections.abc import Iterator
from functools import partial

from contracts.actors import READER
from contracts.exchange import READING
from contracts.suites.auth.foreign import try_refused
from contracts.suites.auth.judging import case
from contracts.suites.session import Case, Options, Session
from contracts.yardstick import Yardstick
from mockserver.openapi import Operation

SOURCE = "the actor reader is given as one who may only read; RFC 9110 section 15.5.4"


def reader_cases(yardstick: Yardstick, options: Options) -> Iterator[Case]:
    """`reader` for each operation that writes and that the document secures: refused, and nothing
    is changed."""
    for operation in yardstick.operations:
        security = yardstick.driving(operation).security
        if security and {} not in security and operation.method not in READING:
            yield case(operation, "reader", partial(_try, operation), (READER,))


def _try(operation: Operation, session: Session) -> None:
    try_refused(session, operation, READER, SOURCE, "scope-not-enforced")
