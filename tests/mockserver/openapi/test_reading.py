from collections.abc import Callable
from pathlib import Path

import pytest

from mockserver.errors import SetupError
from mockserver.openapi import read_yaml

Write = Callable[[str, str], Path]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-09-04", "2024-09-04"),
        ("2024-09-04T10:00:00Z", "2024-09-04T10:00:00Z"),
        ("no", "no"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("010", 10),
        ("0x1f", 31),
        ("0o17", 15),
        ("1e3", 1000.0),
        ("-1.5", -1.5),
        (".inf", ".inf"),
        ("1_000", "1_000"),
        ("true", True),
        ("~", None),
        ("", None),
        ("'7'", "7"),
        ("!!str 7", "7"),
        ("!!int '7'", 7),
        ("! 7", 7),
        ("\n  folded\n  text", "folded text"),
        ("|\n  7", "7\n"),
    ],
)
def test_scalars_are_what_yaml_1_2_says(write: Write, text: str, value: object) -> None:
    read = read_yaml(write("a.yaml", f"key: {text}\n"))
    assert read == {"key": value}
    assert type(read["key"]) is type(value)


def test_integer_keys_become_text(write: Write) -> None:
    assert read_yaml(write("a.yaml", "200: {}\n1.5: {}\ntrue: {}\n")) == {
        "200": {},
        "1.5": {},
        "true": {},
    }


def test_a_key_that_stands_twice_is_refused_with_its_place(write: Write) -> None:
    path = write("a.yaml", "a: 1\nb:\n  c: 1\n  c: 2\n")
    with pytest.raises(SetupError, match=r"a\.yaml: line 4, column 3: the key 'c' stands twice"):
        read_yaml(path)


def test_a_key_and_its_number_count_as_the_same(write: Write) -> None:
    with pytest.raises(SetupError, match="'200' stands twice"):
        read_yaml(write("a.yaml", "200: 1\n'200': 2\n"))


def test_an_alias_is_a_value_of_its_own(write: Write) -> None:
    read = read_yaml(write("a.yaml", "a: &x {n: 1}\nb: *x\n"))
    read["a"]["n"] = 2
    assert read["b"] == {"n": 1}


def test_a_scalar_may_be_called_by_an_alias_as_value_and_as_key(write: Write) -> None:
    read = read_yaml(write("a.yaml", "a: &n 7\nb: *n\n*n : c\n&k d: *k\n"))
    assert read == {"a": 7, "b": 7, "7": "c", "d": "d"}


def test_what_only_looks_like_a_merge_is_a_key(write: Write) -> None:
    assert read_yaml(write("a.yaml", "'<<': {a: 1}\nb: <<\n")) == {"<<": {"a": 1}, "b": "<<"}


def test_an_alias_that_holds_itself_is_refused(write: Write) -> None:
    with pytest.raises(SetupError, match="holds itself"):
        read_yaml(write("a.yaml", "a: &x\n  b: *x\n"))


def test_merged_keys_give_way_to_written_ones(write: Write) -> None:
    text = "base: &base {a: 1, b: 1}\nother: &other {b: 2, c: 2}\n"
    read = read_yaml(write("a.yaml", text + "d:\n  <<: [*base, *other]\n  a: 3\n"))
    assert read["d"] == {"a": 3, "b": 1, "c": 2}


def test_jinja_and_other_braces_are_left_alone(write: Write) -> None:
    text = "a: '{{ name }} {% if %} {# note #}'\n"
    assert read_yaml(write("a.yaml", text)) == {"a": "{{ name }} {% if %} {# note #}"}


def test_json_is_known_by_its_content(write: Write) -> None:
    assert read_yaml(write("a.yaml", '{"a": "\\u00e9\\/", "t":\t1}')) == {"a": "é/", "t": 1}
    assert read_yaml(write("b.json", '{"a": "\\ud83d\\ude00"}')) == {"a": "😀"}


def test_a_byte_order_mark_is_not_content(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}')
    assert read_yaml(path) == {"a": 1}


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.json", '{"a": 1,\n "b" 2}', r"line 2, column 6: not JSON"),
        ("a.json", '{"a": 1, "a": 2}', "the key 'a' stands twice"),
        ("a.json", '{"a": NaN}', "NaN is not a JSON number"),
        ("a.json", '{"a": "\\ud83d"}', "half of a character"),
        ("a.json", '{"\\uDE00": 1}', "half of a character"),
        ("a.yaml", "a: [1\nb: 2\n", r"line \d, column \d: not YAML"),
        ("a.yaml", "a: !!binary aGk=\n", r"line 1, column 4: not a JSON value"),
        ("a.yaml", "? [a, b]\n: 1\n", "a key must be a text"),
        ("a.yaml", "a: &x [1]\n*x : 2\n", "line 2, column 1: a key must be a text"),
        ("a.yaml", "a: *x\n", "line 1, column 4: not YAML: there is no anchor 'x' before"),
        ("a.yaml", "a: &x 1\nb: &x 2\n", "line 2, column 4: not YAML: the anchor 'x' stands"),
        ("a.yaml", "a: 1\n---\nb: 2\n", "line 2, column 1: not YAML: a second document"),
        ("a.yaml", "<<: [{a: 1}, 2]\n", "line 1, column 5: only objects can be merged"),
    ],
)
def test_what_cannot_be_read_is_named_with_file_and_place(
    write: Write, name: str, text: str, reason: str
) -> None:
    with pytest.raises(SetupError, match=rf"{name}: .*{reason}|{name}: {reason}"):
        read_yaml(write(name, text))


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_a_file_nested_beyond_reason_is_refused(write: Write, name: str) -> None:
    path = write(name, "- " * 10_000 if name == "a.yaml" else '{"a":' * 100_000 + "1")
    with pytest.raises(SetupError, match=rf"{name}: nested too deeply"):
        read_yaml(path)


def test_a_missing_file_offers_the_one_that_was_meant(write: Write) -> None:
    path = write("openapi.yaml", "a: 1")
    with pytest.raises(SetupError, match=r"no such file.*did you mean 'openapi\.yaml'"):
        read_yaml(path.with_name("openapi.yml"))


def test_bytes_that_are_not_utf_8_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: \xff")
    with pytest.raises(SetupError, match="not UTF-8"):
        read_yaml(path)
