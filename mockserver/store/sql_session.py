"""One process's connection to a database: transactions, what each reads first, and what is lost."""

from collections.abc import Mapping, Sequence
from enum import Enum
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Executable, Table, select
from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
)

from mockserver.store.protocol import StoreUnavailable
from mockserver.store.sql_databases import Database
from mockserver.store.sql_indexes import FieldIndex, indexes_in
from mockserver.store.sql_tables import VERSION, indexes, world

PAUSE_S = 0.5
"""How long nobody tries to reach a database that could not be reached."""

_UNDEFINED_TABLE = "42P01"
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Mode(Enum):
    CLOSED = "no transaction"
    READING = "reading"
    WRITING = "writing"


class ConnectionLost(StoreUnavailable):
    """What was connected to is not there any more; it may be again, on another connection."""


class Session:
    """Runs statements in one transaction at a time; what the driver raises becomes
    StoreUnavailable where it is no bug."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Connection | None = None
        self._broken: StoreUnavailable | None = None
        self._unreachable: tuple[float, str] = (0.0, "")
        self.mode = Mode.CLOSED
        self.clock = ""
        self.is_filled = False
        self.index_count = 0
        self.indexes: Mapping[str, Sequence[FieldIndex]] = {}
        self.known_sequences: dict[str, int] = {}
        standing = select(world.c.version, world.c.is_filled, world.c.indexes, world.c.clock)
        self._standing = {
            Mode.READING: standing,
            Mode.WRITING: standing.with_for_update() if database.locks_by_row else standing,
        }

    def begin(self, mode: Mode) -> None:
        """Begin a transaction, on a new connection if the old one was lost meanwhile."""
        if self.mode is not Mode.CLOSED:
            raise RuntimeError("a transaction is already open; they do not nest")
        had_connection = self._connection is not None
        try:
            self._begin(mode)
        except ConnectionLost:
            if not had_connection:
                raise
            self._begin(mode)

    def end(self, *, is_kept: bool) -> None:
        """Commit or undo; raises StoreUnavailable where nothing could be committed."""
        broken = self._broken
        try:
            if is_kept and broken is None:
                self._command("COMMIT")
            elif self._connection is not None:
                self._undo()
        finally:
            self.mode, self._broken = Mode.CLOSED, None
        if is_kept and broken is not None:
            raise broken

    def run(self, statement: Executable, parameters: Parameters | None = None) -> Any:
        """Run one statement of the open transaction; gives SQLAlchemy's result."""
        if self._broken is not None:
            raise self._broken
        assert self._connection is not None
        try:
            return self._connection.execute(statement, parameters)
        except DBAPIError as error:
            raise self._failure(error) from error

    def bulk(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert *rows*, of which there may be many."""
        if rows:
            self.run(*self._database.bulk(table, rows))

    def command(self, text: str) -> None:
        """Run a savepoint's command."""
        if self._broken is not None:
            raise self._broken
        self._command(text)

    def close(self) -> None:
        """Let the connection go; what was not committed is undone."""
        connection, self._connection = self._connection, None
        self.index_count = -1  # what is connected to next may have others
        if connection is not None:
            try:
                connection.close()
            except DBAPIError:
                connection.invalidate()

    def _begin(self, mode: Mode) -> None:
        connection = self._connected()
        self._broken = None
        try:
            self._database.check()
            self._database.begin(connection, is_writing=mode is Mode.WRITING)
            self._read_standing(connection, mode)
        except DBAPIError as error:
            failure = self._failure(error)
            self.close()
            raise failure from error
        except StoreUnavailable as error:
            self.close()
            raise ConnectionLost(str(error)) from error
        self.mode = mode
        self.known_sequences = {}

    def _read_standing(self, connection: Connection, mode: Mode) -> None:
        row: Any = connection.execute(self._standing[mode]).one_or_none()
        if row is None or row.version != VERSION:
            raise StoreUnavailable(f"{self._database.name} holds no world of this version any more")
        self.is_filled, self.clock = row.is_filled, row.clock
        if row.indexes != self.index_count:
            self.indexes = indexes_in(connection.execute(select(indexes)))
            self.index_count = row.indexes

    def _connected(self) -> Connection:
        if self._connection is None:
            until, reason = self._unreachable
            if monotonic() < until:
                raise StoreUnavailable(reason)
            try:
                self._connection = self._database.connect(is_first=False)
            except DBAPIError as error:
                reason = f"{self._database.name} cannot be reached: {told(error)}"
                self._unreachable = monotonic() + PAUSE_S, reason
                raise StoreUnavailable(reason) from error
        return self._connection

    def _command(self, text: str) -> None:
        assert self._connection is not None
        try:
            self._connection.exec_driver_sql(text)
        except DBAPIError as error:
            failure = self._failure(error)
            self.close()
            raise failure from error

    def _undo(self) -> None:
        """What cannot be undone by a command is undone by the connection's end."""
        assert self._connection is not None
        try:
            self._connection.exec_driver_sql("ROLLBACK")
        except DBAPIError:
            self.close()

    def _failure(self, error: DBAPIError) -> Exception:
        """What to raise in the place of *error*: itself, where the statement was wrong."""
        if not _is_outage(error):
            return error
        reason = f"{self._database.name}: {told(error)}"
        if error.connection_invalidated:
            self.close()
            self._broken = ConnectionLost(reason)
        else:
            self._broken = StoreUnavailable(reason)
        return self._broken


def told(error: DBAPIError) -> str:
    """What the driver says, in one line."""
    return " ".join(str(error.orig).split())


def _is_outage(error: DBAPIError) -> bool:
    if isinstance(error, ProgrammingError):
        return getattr(error.orig, "sqlstate", None) == _UNDEFINED_TABLE
    kinds = OperationalError, InterfaceError, InternalError
    return isinstance(error, kinds) or type(error) is DatabaseError
