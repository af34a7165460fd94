import json

from contracts.reports.pretty_json import json_lines, pointers_in
from mockserver.model import Json

VALUE: Json = {"a": [1, {"b/c": None, "": "x"}], "e": {}, "f": []}


def test_the_lines_are_the_same_value() -> None:
    text = "\n".join(line for _, line in json_lines(VALUE))
    assert text == json.dumps(VALUE, indent=2)


def test_every_line_knows_its_place() -> None:
    assert ("/a/1/b~1c", '      "b/c": null,') in list(json_lines(VALUE))


def test_a_value_nested_too_deep_ends_in_one_line() -> None:
    value: Json = 1
    for _ in range(900):
        value = [value]
    assert len(list(json_lines(value))) == 81


def test_only_pointers_that_lead_somewhere_are_found() -> None:
    texts = ["the value at /a/1/b~1c, like /a/9 and #/e.", "GET /a/{b} /nowhere"]
    assert pointers_in(texts, VALUE) == {"/a/1/b~1c", "/e"}
