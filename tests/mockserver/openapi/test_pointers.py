import pytest

from mockserver.errors import SetupError
from mockserver.openapi.pointers import follow, keys_of, pointer_to, references, resolve

DOCUMENT = {
    "a/b": {"~c": [{"d": 1}]},
    "é": 2,
    "link": {"$ref": "#/far"},
    "far": {"$ref": "#/a~1b"},
    "one": {"$ref": "#/two"},
    "two": {"$ref": "#/one"},
}


@pytest.mark.parametrize(
    "keys", [[], ["a"], ["a/b", "~c", "0"], ["~1", "/0"], ["é ö"], [""], ["a", ""]]
)
def test_pointers_and_keys_are_each_others_reverse(keys: list[str]) -> None:
    assert keys_of(pointer_to(*keys)) == keys


def test_escapes_are_read() -> None:
    assert keys_of("#/a~1b/~0c/%C3%A9") == ["a/b", "~c", "é"]


def test_a_pointer_leads_through_objects_and_lists() -> None:
    assert resolve(DOCUMENT, "#/a~1b/~0c/0/d") == 1
    assert resolve(DOCUMENT, "#/%C3%A9") == 2
    assert resolve(DOCUMENT, "#") is DOCUMENT


@pytest.mark.parametrize("ref", ["#/a~1b/~0c/1", "#/a~1b/~0c/d", "#/nowhere", "#/é/x"])
def test_a_pointer_that_leads_nowhere_is_refused(ref: str) -> None:
    with pytest.raises(SetupError, match="leads nowhere"):
        resolve(DOCUMENT, ref)


def test_references_are_followed_to_their_end() -> None:
    assert follow(DOCUMENT, {"$ref": "#/link"}) is DOCUMENT["a/b"]
    assert follow(DOCUMENT, {"$ref": 3}) == {"$ref": 3}


def test_references_in_a_circle_are_refused() -> None:
    with pytest.raises(SetupError, match="lead to each other"):
        follow(DOCUMENT, {"$ref": "#/one"})


def test_references_are_found_but_not_in_data() -> None:
    node = {
        "properties": {
            "$ref": {"$ref": "#/1"},
            "example": {"$ref": "#/2"},
            "x-a": {"$ref": "#/3"},
        },
        "example": {"$ref": "#/no"},
        "enum": [{"$ref": "#/no"}],
        "x-note": {"$ref": "#/no"},
        "list": [{"$ref": "#/4"}],
    }
    assert dict(references(node)) == {
        "#/properties/$ref": "#/1",
        "#/properties/example": "#/2",
        "#/properties/x-a": "#/3",
        "#/list/0": "#/4",
    }
