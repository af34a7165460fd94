"""One process's connection to a database: transactions, what each reads first, and what is lost."""

from collections.abc import Mapping, Sequence
from enum import Enum
from time import monotonic
from typing import Any, Final

from sqlalchemy import Connection, Executable, Table, select
from sqlalchemy.exc import DBAPIError

from mockserver.store.protocol import ReadAgain, StoreUnavailable
from mockserver.store.sql_databases import Database
from mockserver.store.sql_failures import is_outage, told, wrapped
from mockserver.store.sql_indexes import FieldIndex, indexes_in
from mockserver.store.sql_prepared import Cursor, Parameters, Prepared
from mockserver.store.sql_remembered import Remembered
from mockserver.store.sql_statements import Statements
from mockserver.store.sql_tables import VERSION, indexes

PAUSE_S: Final = 0.5
"""How long nobody tries to reach a database that could not be reached."""
MOST_WAITING: Final = 500
"""How many statements may wait for others before they are executed."""

Named = Mapping[str, Any]


class Mode(Enum):
    CLOSED = "no transaction"
    READING = "reading"
    WRITING = "writing"


class ConnectionLost(StoreUnavailable):
    """What was connected to is not there any more; it may be again, on another connection."""


class Session:
    """Runs statements in one transaction at a time; what the driver raises becomes
    StoreUnavailable where it is no bug.

    A reading transaction begins with the world's row alone, if the last one needed no more: all
    that is asked for may be remembered. Else the database's own transaction begins with the first
    statement. What a writing one executes without waiting for it, it executes before the next
    statement that gives something back, or together with its end.
    """

    def __init__(self, database: Database, statements: Statements) -> None:
        self._database = database
        self._statements = statements
        self._connection: Connection | None = None
        self._driver: Any = None
        self._cursor: Cursor | None = None
        self._broken: StoreUnavailable | None = None
        self._unreachable: tuple[float, str] = (0.0, "")
        self._waiting: list[tuple[str, Parameters]] = []
        self._at_end: dict[str, tuple[str, Parameters]] = {}
        self._is_open = False
        self._reads_at_once = False
        self.mode = Mode.CLOSED
        self.clock = ""
        self.is_filled = False
        self.index_count = -1
        self.indexes: Mapping[str, Sequence[FieldIndex]] = {}
        self.remembered = Remembered()

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
            if is_kept and broken is None and self.mode is Mode.WRITING:
                self._commit()
            elif self._is_open:
                self._undo()
        finally:
            self.remembered.undone()
            self._waiting.clear()
            self._at_end.clear()
            self.mode, self._broken, self._is_open = Mode.CLOSED, None, False
        if is_kept and broken is not None:
            raise broken

    def open(self) -> None:
        """Have the database's own transaction begun: *indexes* are those that it sees."""
        self._ready()

    def rows(self, statement: Prepared, named: Named) -> list[Any]:
        """Execute one statement of the open transaction that gives rows."""
        cursor = self._ready()
        try:
            cursor.execute(statement.text, statement.parameters(named))
            return cursor.fetchall()
        except self._database.error as error:
            raise self._failure(error) from error

    def later(self, statement: Prepared, named: Named) -> None:
        """Execute one that gives nothing back, before the next one that does or at the end."""
        self._waiting.append((statement.text, statement.parameters(named)))
        if len(self._waiting) >= MOST_WAITING:
            self._ready()

    def at_end(self, name: str, statement: Prepared, named: Named) -> None:
        """Execute one at the end, in place of an earlier one of this *name*: nobody asks for what
        it writes before `settle`."""
        self._at_end[name] = statement.text, statement.parameters(named)

    def settle(self) -> None:
        """Have everything executed that waits for others, or for the end."""
        self._waiting += self._at_end.values()
        self._at_end.clear()
        self._ready()

    def run(self, statement: Executable, parameters: Any = None) -> Any:
        """Have SQLAlchemy execute one statement; gives its result."""
        self.settle()
        assert self._connection is not None
        try:
            return self._connection.execute(statement, parameters)
        except DBAPIError as error:
            raise self._failure(error) from error

    def bulk(self, table: Table, rows: Sequence[Named]) -> None:
        """Insert *rows*, of which there may be many."""
        if rows:
            self.run(*self._database.bulk(table, rows))

    def command(self, text: str) -> None:
        """Run a savepoint's command."""
        self.settle()
        self._command(text)

    def reread_indexes(self) -> None:
        """Know the indexes that this transaction has made, or has undone."""
        self.indexes = indexes_in(self.run(select(indexes)))
        self.index_count = max(
            [one.id for held in self.indexes.values() for one in held], default=0
        )

    def close(self) -> None:
        """Let the connection go; what was not committed is undone."""
        connection, self._connection, self._cursor = self._connection, None, None
        self.index_count = -1  # what is connected to next may have others
        self._is_open = False
        self.remembered.clear()
        if connection is not None:
            connection.invalidate()  # closes it as it is: to undo first would need an answer
            connection.close()

    def _begin(self, mode: Mode) -> None:
        cursor = self._connected()
        self._broken = None
        self.remembered.given.clear()
        try:
            self._database.check(cursor)
            if mode is Mode.WRITING or self._reads_at_once:
                self._open(cursor, mode)
            else:
                cursor.execute(self._statements.standing)
                self._take(cursor.fetchall())
        except (DBAPIError, self._database.error) as error:
            failure = self._failure(error)
            self.close()
            raise failure from error
        except StoreUnavailable as error:
            self.close()
            raise ConnectionLost(str(error)) from error
        self.mode = mode
        self._reads_at_once = False

    def _open(self, cursor: Cursor, mode: Mode) -> None:
        """Begin the database's own transaction."""
        is_writing = mode is Mode.WRITING
        standing = self._statements.standing_locked if is_writing else self._statements.standing
        self._is_open = True
        count = self._take(self._database.begin(cursor, standing, is_writing=is_writing))
        if count != self.index_count:
            assert self._connection is not None
            self.indexes = indexes_in(self._connection.execute(select(indexes)))
            self.index_count = count

    def _take(self, rows: Sequence[Any]) -> int:
        """Take over what the world's row tells; gives how many indexes there are."""
        if len(rows) != 1 or rows[0][0] != VERSION:
            raise StoreUnavailable(f"{self._database.name} holds no world of this version any more")
        _, is_filled, count, self.clock, marks = rows[0]
        self.is_filled = bool(is_filled)
        self.remembered.see(marks)
        return int(count)

    def _ready(self) -> Cursor:
        """The cursor, when everything that comes before the next statement is done."""
        if self._broken is not None:
            raise self._broken
        assert self._cursor is not None
        self._reads_at_once = self.mode is Mode.READING
        if not self._is_open:
            self._open_late(self._cursor)
        elif self._waiting:
            self._execute_waiting(self._cursor)
        return self._cursor

    def _open_late(self, cursor: Cursor) -> None:
        """What was given before must be the same in what is read from now on."""
        clock = self.clock
        try:
            self._open(cursor, self.mode)
        except (DBAPIError, self._database.error) as error:
            raise self._failure(error) from error
        except StoreUnavailable as error:
            self._broken = error
            raise
        if self.remembered.is_outdated or clock != self.clock:
            raise ReadAgain("what this transaction was given has changed")

    def _execute_waiting(self, cursor: Cursor) -> None:
        waiting, self._waiting = self._waiting, []
        try:
            self._database.execute_all(cursor, waiting)
        except self._database.error as error:
            raise self._failure(error) from error

    def _commit(self) -> None:
        marks = self.remembered.new_marks()
        last = [*self._waiting, *self._at_end.values()]
        if marks is not None:
            mark = self._statements.mark
            last.append((mark.text, mark.parameters({"new_marks": marks})))
        assert self._cursor is not None
        try:
            if last:
                self._database.execute_all(self._cursor, [*last, ("COMMIT", ())])
            else:
                self._cursor.execute("COMMIT")
        except self._database.error as error:
            failure = self._failure(error)
            self.close()
            raise failure from error
        self.remembered.kept()

    def _connected(self) -> Cursor:
        if self._cursor is None:
            until, reason = self._unreachable
            if monotonic() < until:
                raise StoreUnavailable(reason)
            try:
                self._connection = self._database.connect(is_first=False)
            except DBAPIError as error:
                reason = f"{self._database.name} cannot be reached: {told(error)}"
                self._unreachable = monotonic() + PAUSE_S, reason
                raise StoreUnavailable(reason) from error
            self._driver = self._connection.connection.driver_connection
            self._cursor = self._driver.cursor()
        assert self._cursor is not None
        return self._cursor

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
        assert self._cursor is not None
        try:
            self._database.leave(self._cursor)
        except self._database.error:
            self.close()

    def _failure(self, raised: Exception) -> Exception:
        """What to raise in the place of what was *raised*: that, where the statement was wrong."""
        error = wrapped(raised, self._database.dialect, self._driver)
        if not is_outage(error):
            return error
        reason = f"{self._database.name}: {told(error)}"
        if error.connection_invalidated:
            self.close()
            self._broken = ConnectionLost(reason)
        else:
            self._broken = StoreUnavailable(reason)
        return self._broken
