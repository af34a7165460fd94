import pytest

from mockserver.domains.calcom.settings.spoken import json_text, spoken


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", "x"),
        (5, "5"),
        (5.0, "5"),
        (5.5, "5.5"),
        (True, "true"),
        (False, "false"),
        (None, "null"),
        ({"a": 1}, "[object Object]"),
        ([1, None, "x"], "1,,x"),
    ],
)
def test_a_value_reads_in_a_sentence_as_javascript_writes_it(value: object, text: str) -> None:
    assert spoken(value) == text


def test_json_text_has_no_blanks_and_keeps_letters() -> None:
    assert json_text({"a": ["ü", None]}) == '{"a":["ü",null]}'
