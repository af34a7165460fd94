import orjson
import pytest

from mockserver.openapi.schema import SchemaCompiler
from mockserver.web.json_text import DEEPEST, NotJson, read_json


def nested(levels: int, opening: str, closing: str) -> bytes:
    return (opening * levels + "1" + closing * levels).encode()


BRACKETS = pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])


@BRACKETS
def test_json_is_taken_down_to_the_deepest_level(opening: str, closing: str) -> None:
    text = nested(DEEPEST, opening, closing)
    assert orjson.dumps(read_json(text)) == text


@BRACKETS
@pytest.mark.parametrize("more", [1, 60, 600, 100_000])
def test_json_beyond_the_deepest_level_is_refused(opening: str, closing: str, more: int) -> None:
    with pytest.raises(NotJson):
        read_json(nested(DEEPEST + more, opening, closing))


def test_what_is_taken_is_no_deeper_than_a_validator_can_follow() -> None:
    value = read_json(nested(DEEPEST, "[", "]"))
    validator = SchemaCompiler({}).compile({"type": "string"}, "request")
    assert [found.rule for found in validator.violations(value, "body")] == ["type"]


def test_many_brackets_beside_each_other_are_no_depth() -> None:
    assert len(read_json(b"[" + b",".join([b"[]"] * 5000) + b"]")) == 5000


def test_brackets_in_texts_are_no_depth() -> None:
    assert read_json(orjson.dumps({"a": "[" * 5000})) == {"a": "[" * 5000}


@pytest.mark.parametrize(
    "text", [b"", b"{", b"NaN", b"1e400", b"[1,]", b'"\\ud800"', b'"\xff"', b"\xef\xbb\xbf{}"]
)
def test_what_is_no_json_is_refused_with_a_reason(text: bytes) -> None:
    with pytest.raises(NotJson, match=r"."):
        read_json(text)
