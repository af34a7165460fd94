"""Opening a world in a database: its tables are made, or looked at, before anything else."""

from sqlalchemy import Connection, insert, inspect, select, update
from sqlalchemy.exc import DBAPIError

from mockserver.errors import SetupError
from mockserver.store.protocol import StoreUnavailable
from mockserver.store.sql import SqlStore
from mockserver.store.sql_databases import Database, database_of
from mockserver.store.sql_failures import told
from mockserver.store.sql_remembered import NO_MARKS
from mockserver.store.sql_tables import PREFIX, VERSION, metadata, world


def open_sql_store(url: str, *, must_exist: bool = False) -> SqlStore:
    """The world in the database at *url*; an empty one where there was none.

    Raises SetupError, also where a world must exist and does not.
    """
    database = database_of(url)
    try:
        return SqlStore(database, _prepared(database, must_exist))
    except DBAPIError as error:
        reason = f"{_reason(error)}"
        raise SetupError(reason, place="--store", value=database.name) from error
    except StoreUnavailable as error:
        raise SetupError(str(error), place="--store") from error


def _prepared(database: Database, must_exist: bool) -> int:
    """Make what is missing; gives the number of this opening."""
    connection = database.connect(is_first=not must_exist)
    try:
        database.begin_opening(connection)
        _check_or_make(connection, database, must_exist)
        connection.execute(update(world).values(openings=world.c.openings + 1))
        number: int = connection.execute(select(world.c.openings)).scalar_one()
        connection.exec_driver_sql("COMMIT")
        return number
    finally:
        connection.close()


def _check_or_make(connection: Connection, database: Database, must_exist: bool) -> None:
    tables = inspect(connection).get_table_names()
    if world.name in tables:
        return _check_version(connection, database)
    if must_exist:
        raise SetupError("holds no world", place="--store", value=database.name)
    others = [name for name in tables if not name.startswith(PREFIX)]
    if not database.has_room(others):
        reason = f"holds other tables ({', '.join(others[:3])}) and no world; name another file"
        raise SetupError(reason, place="--store", value=database.name)
    metadata.create_all(connection)
    empty = {"id": 1, "version": VERSION, "is_filled": False, "openings": 0}
    connection.execute(insert(world).values(**empty, indexes=0, clock="", marks=NO_MARKS))


def _check_version(connection: Connection, database: Database) -> None:
    found = connection.execute(select(world.c.version)).scalar_one_or_none()
    if found != VERSION:
        reason = (
            f"its tables are of version {found}, and this program knows {VERSION} only; "
            "use the program that made it, or another database"
        )
        raise SetupError(reason, place="--store", value=database.name)


def _reason(error: DBAPIError) -> str:
    """What is wrong with a database that cannot be opened."""
    text = told(error)
    if "file is not a database" in text:
        return "is no SQLite database; name another file"
    return f"cannot be opened: {text}"
