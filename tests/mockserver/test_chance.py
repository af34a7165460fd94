"""Ids from a seed and a counter."""

from contextlib import suppress
from hashlib import blake2b
from uuid import UUID

import pytest

from mockserver.chance import BASE58, SHORT_ID_LENGTH, Ids
from mockserver.store import MemoryStore


def test_the_same_seed_and_the_same_calls_give_the_same_ids() -> None:
    first, second = MemoryStore(), MemoryStore()
    assert [Ids(1).short_id(first, "links") for _ in range(3)] == [
        Ids(1).short_id(second, "links") for _ in range(3)
    ]
    assert Ids(1).uuid(first, "books") == Ids(1).uuid(second, "books")


def test_seeds_purposes_and_calls_give_different_ids() -> None:
    store = MemoryStore()
    drawn = [Ids(seed).short_id(store, purpose) for seed in (1, 2) for purpose in "ab" * 20]
    other = [Ids(seed).short_id(MemoryStore(), "a") for seed in (1, 2)]
    assert len(set(drawn)) == len(drawn)
    assert other[0] != other[1]


def test_purposes_do_not_disturb_each_other() -> None:
    store = MemoryStore()
    Ids(1).short_id(store, "books")
    assert Ids(1).short_id(store, "links") == Ids(1).short_id(MemoryStore(), "links")


def test_a_short_id_has_22_characters_that_cannot_be_confused() -> None:
    store = MemoryStore()
    drawn = "".join(Ids(7).short_id(store, "links") for _ in range(200))
    assert len(drawn) == 200 * SHORT_ID_LENGTH
    assert set(drawn) == set(BASE58)
    assert not set(drawn) & set("0OIl")


def test_a_uuid_is_one_of_version_4() -> None:
    text = Ids(7).uuid(MemoryStore(), "books")
    assert UUID(text).version == 4
    assert str(UUID(text)) == text


def test_ids_follow_an_undone_transaction() -> None:
    store, ids = MemoryStore(), Ids(7)
    with suppress(KeyError), store.transaction():
        undone = ids.short_id(store, "links")
        raise KeyError
    assert ids.short_id(store, "links") == undone


def test_ids_follow_a_restored_state() -> None:
    store, ids = MemoryStore(), Ids(7)
    state = store.dump()
    first = ids.uuid(store, "books")
    store.load(state)
    assert ids.uuid(store, "books") == first


@pytest.mark.parametrize("count", [1, 2, 1000, 123456])
def test_a_short_id_is_the_keyed_hash_of_purpose_and_count_byte_by_byte(count: int) -> None:
    store = MemoryStore()
    store.load({"collections": {}, "sequences": {"ids of links": count - 1}})
    hashed = blake2b(f"links:{count}".encode(), key=b"7", digest_size=SHORT_ID_LENGTH).digest()
    spelled = "".join(BASE58[byte % len(BASE58)] for byte in hashed)
    assert Ids(7).short_id(store, "links") == spelled
