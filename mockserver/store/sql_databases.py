"""The two kinds of database: how each is reached, and how a transaction begins in it."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import quote

from sqlalchemy import (
    URL,
    Connection,
    Dialect,
    Engine,
    Executable,
    Table,
    create_engine,
    insert,
    make_url,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from mockserver.errors import SetupError
from mockserver.store.protocol import StoreUnavailable
from mockserver.store.sql_prepared import Cursor, Parameters

LOCK_WAIT_S: Final = 10
"""How long a transaction waits for those of others."""
CONNECT_WAIT_S: Final = 5

Rows = Sequence[Mapping[str, Any]]

_OPENING = 0x756E6465
"""What PostgreSQL's advisory lock is called while the tables are made."""


class Database(Protocol):
    """One kind of database, at one place."""

    name: str
    """What people call it, without a password."""
    upsert: Callable[..., Any]
    """The dialect's own insert, which knows `on_conflict_do_nothing`."""
    locks_by_row: bool
    """Whether the world's row is locked by a writing transaction, or everything is already."""
    dialect: Dialect
    error: type[Exception]
    """What the driver raises."""

    def connect(self, *, is_first: bool) -> Connection:
        """A connection that commits by itself; only the first may make a database.

        Raises DBAPIError, and StoreUnavailable where it was there and is no more.
        """
        ...

    def check(self, cursor: Cursor) -> None:
        """Be ready for the next transaction.

        Raises StoreUnavailable where the connection leads to something that is gone.
        """
        ...

    def begin(self, cursor: Cursor, standing: str, *, is_writing: bool) -> list[Any]:
        """Begin a transaction with the statement *standing*; gives its rows."""
        ...

    def execute_all(self, cursor: Cursor, statements: Iterable[tuple[str, Parameters]]) -> None:
        """Execute statements that give nothing back, without waiting for each of them."""
        ...

    def leave(self, cursor: Cursor) -> None:
        """End a transaction of which nothing is to be kept."""
        ...

    def begin_opening(self, connection: Connection) -> None:
        """Begin a transaction in which the tables can be made: no other process makes them."""
        ...

    def has_room(self, tables: list[str]) -> bool:
        """Whether a world may move in beside these *tables*, which are not its own."""
        ...

    def bulk(self, table: Table, rows: Rows) -> tuple[Executable, Any]:
        """The fastest statement that inserts *rows*, and its parameters."""
        ...


def database_of(url: str) -> Database:
    """The database that *url* names. Raises SetupError, without its password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise SetupError("not a URL of a database", place="--store", value=masked(url)) from None
    if parsed.get_backend_name() == "sqlite":
        return SqliteFile(_sqlite_path(parsed, url))
    return _postgresql(parsed, url)


def masked(url: str) -> str:
    """*url* with stars in the place of its password."""
    try:
        parsed = make_url(url)
        if "password" in parsed.query:
            parsed = parsed.update_query_dict({"password": "***"})
        return parsed.render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return f"{url.partition(':')[0]}:..."


@dataclass
class SqliteFile:
    """A file on this machine: readers see the last commit, and one process writes at a time."""

    path: Path
    upsert = staticmethod(sqlite.insert)
    locks_by_row = False
    _file_id: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        self.name = str(self.path)
        self._absolute = self.path.absolute()
        self._engine = create_engine(
            "sqlite://",
            creator=self._opened,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
        )
        self.dialect = self._engine.dialect
        self.error: type[Exception] = sqlite3.Error
        self._is_first = True

    def connect(self, *, is_first: bool) -> Connection:
        if is_first:
            self._check_place()
        elif not self._absolute.is_file():
            raise self._gone()
        self._is_first = is_first
        connection = self._engine.connect()
        try:
            self._use_log(connection)
            connection.exec_driver_sql("PRAGMA synchronous = FULL")
        except BaseException:
            connection.close()
            raise
        self._file_id = _file_id(self._absolute)
        return connection

    def check(self, cursor: Cursor) -> None:
        if _file_id(self._absolute) != self._file_id:
            raise self._gone()

    def begin(self, cursor: Cursor, standing: str, *, is_writing: bool) -> list[Any]:
        cursor.execute("BEGIN IMMEDIATE" if is_writing else "BEGIN")
        cursor.execute(standing)
        return cursor.fetchall()

    def execute_all(self, cursor: Cursor, statements: Iterable[tuple[str, Parameters]]) -> None:
        for statement, parameters in statements:
            cursor.execute(statement, parameters)

    def leave(self, cursor: Cursor) -> None:
        cursor.execute("ROLLBACK")

    def begin_opening(self, connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def has_room(self, tables: list[str]) -> bool:
        return not tables

    def bulk(self, table: Table, rows: Rows) -> tuple[Executable, Any]:
        return insert(table), rows

    def _opened(self) -> sqlite3.Connection:
        mode = "rwc" if self._is_first else "rw"
        return sqlite3.connect(
            f"file:{quote(str(self._absolute))}?mode={mode}",
            uri=True,
            timeout=LOCK_WAIT_S,
            isolation_level=None,
            check_same_thread=False,
        )

    def _use_log(self, connection: Connection) -> None:
        """A write-ahead log lets readers go on; a file keeps to it once it has one."""
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        if mode != "wal":
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")

    def _check_place(self) -> None:
        """Raises SetupError with words for people; SQLite would only say that it cannot."""
        try:
            self._check_folder()
        except OSError as error:
            raise self._unusable(error.strerror or "cannot be opened") from error

    def _check_folder(self) -> None:
        folder = self._absolute.parent
        if self._absolute.is_dir():
            raise self._unusable("is a folder; name a file")
        if not folder.is_dir():
            raise self._unusable(f"there is no folder {str(self.path.parent)!r}")
        mode = os.R_OK | os.W_OK
        if not os.access(folder, mode) or (
            self._absolute.exists() and not os.access(self._absolute, mode)
        ):
            raise self._unusable("you may not write there (neither the file nor beside it)")

    def _unusable(self, reason: str) -> SetupError:
        return SetupError(reason, place="--store", value=f"sqlite:///{self.path}")

    def _gone(self) -> StoreUnavailable:
        return StoreUnavailable(f"{self.name} is not there (any more); put it back, or start anew")


class PostgresDatabase:
    """A database of a PostgreSQL server."""

    upsert = staticmethod(postgresql.insert)
    locks_by_row = True

    def __init__(self, url: URL, name: str) -> None:
        self.name = name
        self._engine: Engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={
                "connect_timeout": CONNECT_WAIT_S,
                "tcp_user_timeout": LOCK_WAIT_S * 1000,
                "keepalives_idle": 5,
                "application_name": "understudy",
            },
        )
        self.dialect = self._engine.dialect
        self.error: type[Exception] = self._engine.dialect.loaded_dbapi.Error

    def connect(self, *, is_first: bool) -> Connection:
        connection = self._engine.connect()
        connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_WAIT_S}s'")
        return connection

    def check(self, cursor: Any) -> None:
        """Take what `leave` did not wait for; that the server is gone the next statement tells."""
        while cursor.connection.pgconn.get_result() is not None:
            pass

    def leave(self, cursor: Any) -> None:
        """Whoever asked need not wait for the end of it."""
        cursor.connection.pgconn.send_query(b"ROLLBACK")

    def begin(self, cursor: Any, standing: str, *, is_writing: bool) -> list[Any]:
        """In one message: each that is waited for takes longer than what it asks for."""
        kind = "READ COMMITTED" if is_writing else "REPEATABLE READ, READ ONLY"
        cursor.execute(f"BEGIN ISOLATION LEVEL {kind}; {standing}", prepare=False)
        cursor.nextset()
        rows: list[Any] = cursor.fetchall()
        return rows

    def execute_all(self, cursor: Any, statements: Iterable[tuple[str, Parameters]]) -> None:
        with cursor.connection.pipeline():
            for statement, parameters in statements:
                cursor.execute(statement, parameters)

    def begin_opening(self, connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN ISOLATION LEVEL READ COMMITTED")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_OPENING})")

    def has_room(self, tables: list[str]) -> bool:
        return True

    def bulk(self, table: Table, rows: Rows) -> tuple[Executable, Any]:
        """One array for each column: a row for each statement would be ten times slower."""
        columns = [column for column in table.columns if column.name in rows[0]]
        names = ", ".join(column.name for column in columns)
        arrays = ", ".join(
            f"CAST(:{column.name} AS {column.type.compile(self._engine.dialect)}[])"
            for column in columns
        )
        statement = f"INSERT INTO {table.name} ({names}) SELECT * FROM unnest({arrays})"
        return text(statement), {one.name: [row[one.name] for row in rows] for one in columns}


def _postgresql(parsed: URL, url: str) -> PostgresDatabase:
    try:
        import psycopg as psycopg  # an extra; who needs no PostgreSQL has none
    except ImportError as error:
        reason = f"needs psycopg: pip install 'understudy[postgresql]' ({error})"
        raise SetupError(reason, place="--store", value=masked(url)) from error
    return PostgresDatabase(parsed, masked(url.partition("?")[0]))


def _sqlite_path(parsed: URL, url: str) -> Path:
    if parsed.database in (None, "", ":memory:"):
        reason = "names no file; write sqlite:///world.db, or memory: to keep nothing"
        raise SetupError(reason, place="--store", value=url)
    if parsed.host or parsed.query:
        reason = "is a file and nothing else: sqlite:///world.db, or sqlite:////srv/world.db"
        raise SetupError(reason, place="--store", value=masked(url))
    return Path(str(parsed.database))


def _file_id(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
