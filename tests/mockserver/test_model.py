"""The values that travel."""

import copy
import pickle
import tracemalloc

import orjson
import pytest

from mockserver.model import ANONYMOUS, MISSING, Actor, Missing, Reply, Violation, fitted


def test_there_is_one_missing() -> None:
    assert Missing() is MISSING
    assert copy.deepcopy(MISSING) is MISSING
    assert pickle.loads(pickle.dumps(MISSING)) is MISSING


def test_missing_is_false_but_not_null() -> None:
    assert not MISSING
    assert MISSING is not None
    assert repr(MISSING) == "MISSING"


def test_a_reply_has_no_body_unless_given_one() -> None:
    assert Reply(204).body is MISSING
    assert Reply(200, None).body is None


def test_values_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        ANONYMOUS.kind = "api-key"  # type: ignore[misc]


def test_an_actor_is_anonymous_until_named() -> None:
    assert Actor() == ANONYMOUS
    assert (ANONYMOUS.user_id, ANONYMOUS.scopes, ANONYMOUS.is_system_admin) == (None, None, False)


@pytest.mark.parametrize(
    ("place", "pointer"),
    [
        ((), ""),
        (("items", 0, "name"), "/items/0/name"),
        (("a/b", "c~d", "~/"), "/a~1b/c~0d/~0~1"),
        (("",), "/"),
    ],
)
def test_a_violation_knows_its_place_as_a_pointer(
    place: tuple[str | int, ...], pointer: str
) -> None:
    assert Violation("body", place, "type", "is wrong").pointer == pointer


def test_what_is_kept_takes_no_more_memory_than_its_bytes() -> None:
    tracemalloc.start()
    try:
        kept = [fitted(orjson.dumps({"text": "x" * 5000})) for _ in range(20)]
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken / len(kept) < 6000
