"""What only stores in a database can do: be shared, be lost and found, outlive their process."""

import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest

from mockserver.errors import SetupError
from mockserver.store import SharedStore, StoreUnavailable, WriteInReading, open_store
from mockserver.store.sql_databases import masked
from mockserver.store.sql_indexes import digest_of
from mockserver.store.sql_prepared import Prepared
from mockserver.store.sql_tables import key_of, key_texts, name_of, name_text
from tests.databases import PASSWORD, Postgres

SHARED_KINDS = ("sqlite", "postgresql")
Open = Callable[[str], SharedStore]
WORLD = {"collections": {"books": {"1": {"title": "Emma"}}}}


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens stores, and closes them in the end."""
    with ExitStack() as stack:

        def open_one(url: str) -> SharedStore:
            store = open_store(url)
            assert isinstance(store, SharedStore)
            stack.callback(store.close)
            return store

        yield open_one


@pytest.fixture(params=SHARED_KINDS)
def url(request: pytest.FixtureRequest, new_url: Callable[[str], str]) -> str:
    """The URL of an empty database, once of each kind."""
    return new_url(request.param)


@pytest.fixture
def pair(url: str, opened: Open) -> tuple[SharedStore, SharedStore]:
    """Two stores on one database, as two processes would have them."""
    return opened(url), opened(url)


Pair = tuple[SharedStore, SharedStore]


# two on one database


def test_what_one_writes_the_other_reads(pair: Pair) -> None:
    one, other = pair
    one.insert("books", "1", {"title": "Emma"})
    other.replace("books", "1", {"title": "Ulysses"})
    assert one.get("books", "1") == {"title": "Ulysses"}


def test_what_is_not_committed_nobody_else_sees(pair: Pair) -> None:
    one, other = pair
    with one.transaction():
        one.insert("books", "1", {})
        assert other.get("books", "1") is None
    assert other.get("books", "1") == {}


def test_a_reading_transaction_sees_one_moment(pair: Pair) -> None:
    one, other = pair
    one.insert("books", "1", {"copies": 1})
    with one.transaction(is_writing=False):
        other.replace("books", "1", {"copies": 2})
        assert one.get("books", "1") == {"copies": 1}
    assert one.get("books", "1") == {"copies": 2}


def test_writing_in_a_reading_transaction_is_refused(pair: Pair) -> None:
    one, _ = pair
    with pytest.raises(WriteInReading), one.transaction(is_writing=False):
        one.next_id("books")
    assert one.next_id("books") == 1


def test_an_undone_write_lets_go_of_the_lock_at_once(pair: Pair) -> None:
    one, other = pair
    for _ in range(3):
        with suppress(KeyError), one.transaction():
            one.insert("books", "1", {})
            raise KeyError
        other.insert("books", "1", {})  # would wait for as long as a transaction may
        other.delete("books", "1")


def test_no_update_is_lost_and_no_id_is_given_twice(url: str, opened: Open) -> None:
    opened(url).insert("links", "a", {"uses": 0})
    ids: list[int] = []

    def use() -> None:
        store = opened(url)
        for _ in range(10):
            with store.transaction():
                link = store.get("links", "a") or {}
                store.replace("links", "a", {"uses": link["uses"] + 1})
                ids.append(store.next_id("uses"))

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened(url).get("links", "a") == {"uses": 40}
    assert sorted(ids) == list(range(1, 41))


def test_an_index_that_one_makes_the_other_keeps_up_to_date(pair: Pair) -> None:
    one, other = pair
    other.insert("books", "1", {"by": "Austen", "year": 1815})
    assert one.find("books", {"by": "Joyce"}) == []
    other.insert("books", "2", {"by": "Joyce"})
    other.replace("books", "1", {"by": "Joyce", "year": 1815})
    assert one.find("books", {"by": "Joyce"}) == [{"by": "Joyce", "year": 1815}, {"by": "Joyce"}]
    other.delete("books", "2")
    assert one.find("books", {"by": "Joyce"}) == [{"by": "Joyce", "year": 1815}]
    assert one.find("books", {"year": 1922}) == []  # a second index
    other.insert("books", "3", {"by": "Woolf", "year": 1922})
    assert one.find("books", {"year": 1922}) == [{"by": "Woolf", "year": 1922}]


def test_a_database_is_filled_once_and_only_by_the_first(pair: Pair) -> None:
    one, other = pair
    assert one.fill(WORLD)
    one.delete("books", "1")
    assert not other.fill(WORLD)
    assert other.document_counts() == {}


def test_a_loaded_database_is_not_filled_again(pair: Pair) -> None:
    one, other = pair
    one.load({"collections": {}})
    assert not other.fill(WORLD)


def test_every_opening_has_its_own_number(pair: Pair) -> None:
    assert [one.process_number for one in pair] == [1, 2]


def test_what_is_kept_of_the_clock_all_see(pair: Pair) -> None:
    one, other = pair
    assert other.clock_text() == ""
    one.keep_clock_text("noon")
    assert other.recent_clock_text() == ""
    assert other.clock_text() == "noon"
    assert other.recent_clock_text() == "noon"


def test_a_kept_clock_is_undone_with_its_transaction(pair: Pair) -> None:
    one, other = pair
    with suppress(KeyError), one.transaction():
        one.keep_clock_text("noon")
        raise KeyError
    assert (one.clock_text(), other.clock_text()) == ("", "")


def test_many_may_open_an_empty_database_at_once(url: str, opened: Open) -> None:
    filled: list[bool] = []
    threads = [
        threading.Thread(target=lambda: filled.append(opened(url).fill(WORLD))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(filled) == [False] * 5 + [True]


# what a find costs


def statements_of(store: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that give rows, from now on; the world's row, read by each transaction, is
    none of them."""
    asked: list[str] = []
    session = store._session
    rows = session.rows

    def noted(statement: Prepared, named: Any) -> Any:
        asked.append(statement.text)
        return rows(statement, named)

    monkeypatch.setattr(session, "rows", noted)
    return asked


@pytest.mark.parametrize("links", [10, 400])
def test_finding_reads_only_what_it_gives_back(
    pair: Pair, links: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = pair
    documents = {str(n): {"owner": n % (links // 2), "kind": "dated"} for n in range(links)}
    one.load({"collections": {"links": documents}})
    where = {"owner": 1, "kind": "dated"}
    assert len(one.find("links", where)) == 2
    asked = statements_of(other, monkeypatch)
    assert len(other.find("links", where)) == 2
    [statement] = [one for one in asked if "understudy_documents" in one]
    assert "JOIN understudy_entries" in statement


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handful of documents are many."""
    monkeypatch.setattr("mockserver.store.sql_index_keeper.MANY", 3)
    monkeypatch.setattr("mockserver.store.sql_index_keeper.VERY_MANY", 3)


@pytest.mark.usefixtures("few")
def test_what_is_expected_to_be_looked_for_is_indexed_while_it_is_loaded(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one, other = pair
    one.expect({"links": [("owner",), ("slug", "owner")], "films": [("by",)]})
    links = {str(n): {"owner": n % 2, "slug": f"s{n}"} for n in range(3)}
    with one.transaction():
        one.load({"collections": {"links": links, "films": {"1": {"by": "Heckerling"}}}})
        one.insert("links", "9", {"owner": 1, "slug": "new"})
    asked = statements_of(other, monkeypatch)
    assert len(other.find("links", {"owner": 1})) == 2
    assert other.find("links", {"owner": 1, "slug": "new"}) == [{"owner": 1, "slug": "new"}]
    assert all("JOIN understudy_entries" in statement for statement in asked)
    assert not caplog.messages
    other.find("films", {"by": "Heckerling"})  # few: an index is made when it is asked for
    assert "JOIN understudy_entries" not in asked[-1]


@pytest.mark.usefixtures("few")
def test_a_refused_load_declares_no_indexes(pair: Pair) -> None:
    one, other = pair
    one.expect({"links": [("owner",)]})
    bad = {str(n): {"owner": n, "at": {n}} for n in range(3)}
    with one.transaction():
        with pytest.raises(SetupError):
            one.load({"collections": {"links": bad}})
        one.insert("links", "1", {"owner": 7})
    assert other.find("links", {"owner": 7}) == [{"owner": 7}]
    assert one.find("links", {"owner": 7}) == [{"owner": 7}]


@pytest.mark.usefixtures("few")
def test_a_long_search_for_the_first_time_is_told(
    pair: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    one, other = pair
    one.load({"collections": {"links": {str(n): {"owner": n} for n in range(3)}}})
    one.find("links", {"owner": 1})
    other.find("links", {"owner": 1})
    [told] = caplog.messages
    assert "links are looked for by owner for the first time: all 3 are read once" in told


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (1, 1.0, True),
        (0, -0.0, True),
        (2**53, float(2**53), True),
        (2**53 + 1, float(2**53), False),
        (1, True, False),
        (0, False, False),
        (1, "1", False),
        (None, "None", False),
        (None, float("nan"), True),
        ("a", "ä", False),
        ([1], {"a": 1}, True),
        (1.5, 1.5, True),
    ],
)
def test_equal_values_and_only_those_have_one_digest(one: Any, other: Any, is_same: bool) -> None:
    digests = [digest_of({"held": value}, ("held",)) for value in (one, other)]
    assert (digests[0] == digests[1]) is is_same


def test_digests_stay_what_they_are_in_databases() -> None:
    assert digest_of({"a": "ä\n", "b": 1.0, "c": None}, ("a", "b", "c")) == -3473542441503818841


# names that databases do not like

ODD_NAMES = ("a\0b", "\ud800", '"quoted"', '"', "x" * 5000, '"' + "y" * 300, "ö" * 199, "a/b c")


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_come_back_as_they_were(name: str) -> None:
    assert name_of(name_text(name)) == name
    assert key_of(*key_texts(name)) == name


def test_documents_and_sequences_may_have_odd_names(url: str, opened: Open) -> None:
    store = opened(url)
    for name in ODD_NAMES:
        store.insert("odd", name, {"name": name.replace("\ud800", "?"), "long": "\0" * 9000})
        store.next_id(name)
    store.find("odd", {"name": "a\0b", "long": "\0" * 9000})
    assert store.find("odd", {"name": "a\0b", "long": "\0" * 9000})[0]["name"] == "a\0b"
    state = store.dump()
    assert list(state["collections"]["odd"]) == list(ODD_NAMES)
    assert set(state["sequences"]) == set(ODD_NAMES)
    store.load(state)
    assert store.dump() == state
    for name in ODD_NAMES:
        assert store.get("odd", name) is not None


# opening


def test_a_world_is_still_there_when_its_database_is_opened_again(url: str, opened: Open) -> None:
    opened(url).fill(WORLD)
    assert opened(url).dump()["collections"] == WORLD["collections"]


def test_a_database_of_an_unknown_version_is_refused(folder: Path, opened: Open) -> None:
    url = f"sqlite:///{folder}/version.db"
    opened(url).close()
    with sqlite3.connect(folder / "version.db") as connection:
        connection.execute("UPDATE understudy_world SET version = 9")
    connection.close()
    with pytest.raises(SetupError, match="of version 9, and this program knows 2 only"):
        open_store(url)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x" * 5000)
    with pytest.raises(SetupError, match="is no SQLite database"):
        open_store(f"sqlite:///{tmp_path}/notes.txt")
    assert (tmp_path / "notes.txt").read_text() == "x" * 5000


def test_a_database_of_somebody_else_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE orders (number)")
    connection.close()
    with pytest.raises(SetupError, match=r"holds other tables \(orders\)"):
        open_store(f"sqlite:///{tmp_path}/shop.db")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("sqlite:////", "is a folder"),
        ("sqlite:////no-such-folder/a.db", "there is no folder '/no-such-folder'"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:///a.db?mode=ro", "is a file and nothing else"),
        ("sqlite:///" + "a" * 300, "name too long"),
        ("postgresql://u:wholly-secret@127.0.0.1:1/db", "Connection refused"),
        ("postgresql://u:wholly-secret@nowhere.invalid/db", "nowhere.invalid"),
        ("postgresql://u:wholly-secret@here:port/db", "not a URL of a database"),
        ("postgresql://127.0.0.1:1/db?password=wholly-secret", "Connection refused"),
        ("postgresql://127.0.0.1:1/db?wholly=wholly-secret", "wholly"),
    ],
)
def test_what_cannot_be_opened_is_told_without_the_password(url: str, reason: str) -> None:
    with pytest.raises(SetupError, match="(?i)" + reason) as caught:
        open_store(url)
    assert "secret" not in str(caught.value)


def test_a_wrong_password_is_told_without_showing_it(postgres: Postgres) -> None:
    url = postgres.tcp_url.replace(PASSWORD, "guessed-secret")
    with pytest.raises(SetupError, match="password authentication failed") as caught:
        open_store(url)
    assert "guessed" not in str(caught.value)


def test_an_unknown_database_is_told(postgres: Postgres) -> None:
    with pytest.raises(SetupError, match='database "nowhere" does not exist'):
        open_store(postgres.tcp_url.removesuffix("postgres") + "nowhere")


def test_a_missing_driver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SetupError, match=r"pip install 'understudy\[postgresql\]'"):
        open_store("postgresql://here/db")


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(SetupError, match="you may not write there"):
        open_store(f"sqlite:///{tmp_path}/a.db")


def test_passwords_are_masked() -> None:
    assert masked("postgresql://u:p@h/d") == "postgresql://u:***@h/d"
    assert "geheim" not in masked("postgresql://h/d?password=geheim")
    assert masked("postgresql://u:geheim@h:x/d") == "postgresql:..."


# lost and found


def test_a_file_that_is_gone_is_told_and_found_again(tmp_path: Path, opened: Open) -> None:
    store = opened(f"sqlite:///{tmp_path}/a.db")
    store.fill(WORLD)
    (tmp_path / "a.db").rename(tmp_path / "b.db")
    with pytest.raises(StoreUnavailable, match=r"a\.db is not there"):
        store.insert("books", "2", {})
    assert not (tmp_path / "a.db").exists()
    (tmp_path / "b.db").rename(tmp_path / "a.db")
    store.insert("books", "3", {})
    assert list(store.dump()["collections"]["books"]) == ["1", "3"]


def test_a_file_that_another_program_holds_is_told_and_left_alone(
    tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mockserver.store.sql_databases.LOCK_WAIT_S", 0.1)
    store = opened(f"sqlite:///{tmp_path}/a.db")
    holder = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="locked"):
        store.insert("books", "1", {})
    assert store.get("books", "1") is None
    holder.close()
    store.insert("books", "1", {})


def test_a_full_disk_undoes_the_transaction(tmp_path: Path, opened: Open) -> None:
    store: Any = opened(f"sqlite:///{tmp_path}/a.db")
    store.fill(WORLD)
    before = store.dump()
    pages = store._session._connection.exec_driver_sql("PRAGMA page_count").scalar()
    store._session._connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")

    def write() -> None:
        with store.transaction():
            store.insert("books", "2", {})
            store.insert("books", "3", {"title": "x" * 100_000})

    with pytest.raises(StoreUnavailable, match="full"):
        write()
    assert store.dump() == before
    store.insert("books", "4", {})


def test_a_transaction_that_goes_on_after_a_failure_is_not_kept(
    tmp_path: Path, opened: Open
) -> None:
    store: Any = opened(f"sqlite:///{tmp_path}/a.db")
    store.fill(WORLD)

    def swallow() -> None:
        with store.transaction():
            store.insert("books", "2", {})
            store._session._connection.exec_driver_sql("DROP TABLE understudy_sequences")
            with suppress(StoreUnavailable):
                store.next_id("books")

    with pytest.raises(StoreUnavailable, match="no such table"):
        swallow()
    assert list(store.dump()["collections"]["books"]) == ["1"]


def test_a_file_without_its_world_is_told(tmp_path: Path, opened: Open) -> None:
    store = opened(f"sqlite:///{tmp_path}/a.db")
    store.close()
    for file in tmp_path.iterdir():
        file.unlink()
    (tmp_path / "a.db").touch()
    with pytest.raises(StoreUnavailable, match="understudy_world"):
        store.get("books", "1")


def test_a_server_that_was_restarted_between_two_requests_is_not_noticed(opened: Open) -> None:
    server = Postgres()
    try:
        store = opened(server.url)
        store.fill(WORLD)
        server.stop()
        server.start()
        store.insert("books", "2", {})
        assert store.document_counts() == {"books": 2}
        server.stop()
        with pytest.raises(StoreUnavailable, match="cannot be reached"):
            store.insert("books", "3", {})
        with pytest.raises(StoreUnavailable, match="cannot be reached"):
            store.get("books", "1")
    finally:
        store.close()
        server.remove()


def test_a_connection_that_is_lost_in_a_transaction_undoes_it(
    postgres: Postgres, new_url: Callable[[str], str], opened: Open
) -> None:
    url = new_url("postgresql")
    store = opened(url)
    store.fill(WORLD)

    def lose() -> None:
        with store.transaction():
            store.insert("books", "2", {})
            postgres.command(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'understudy' AND state = 'idle in transaction'"
            )
            with suppress(StoreUnavailable):
                store.insert("books", "3", {})

    with pytest.raises(StoreUnavailable):
        lose()
    assert list(store.dump()["collections"]["books"]) == ["1"]
