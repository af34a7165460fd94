"""What drivers raise: whether that is the database's absence or a bug, and how it is told."""

from typing import Any, Final

from sqlalchemy import Dialect
from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
)

_UNDEFINED: Final = ("42P01", "42703")
"""A table, or a column of it."""


def wrapped(error: Exception, dialect: Dialect, connection: Any) -> DBAPIError:
    """*error* of the driver, on its *connection*, as SQLAlchemy would raise it."""
    if isinstance(error, DBAPIError):
        return error
    raised: Any = error
    is_lost = dialect.is_disconnect(raised, connection, None)
    assert dialect.loaded_dbapi is not None
    made = DBAPIError.instance(
        None, None, error, dialect.loaded_dbapi.Error, connection_invalidated=is_lost
    )
    assert isinstance(made, DBAPIError)
    return made


def told(error: DBAPIError) -> str:
    """What the driver says, in one line."""
    return " ".join(str(error.orig).split())


def is_outage(error: DBAPIError) -> bool:
    """Whether the database is away, or is not what it was; else a statement was wrong."""
    if isinstance(error, ProgrammingError):
        return getattr(error.orig, "sqlstate", None) in _UNDEFINED
    kinds = OperationalError, InterfaceError, InternalError
    return isinstance(error, kinds) or type(error) is DatabaseError
