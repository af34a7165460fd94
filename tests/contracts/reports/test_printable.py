import pytest

from contracts.reports.printable import body_text, one_line, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, Grüße, 東京\n\t", "plain, Grüße, 東京\n\t"),
        ("\x1b[31m\x00", "\\x1b[31m\\x00"),
        ("\u202egnp\u2066", "\\u202egnp\\u2066"),
        ("\ud800", "\\ud800"),
    ],
)
def test_what_cannot_be_seen_is_spelled_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_line_is_cut_with_a_sign() -> None:
    assert one_line("a  b\nc d", 5) == "a b …"


def test_a_body_that_is_no_text_comes_as_base64() -> None:
    shown = body_text(b"\xff\x00", 100)
    assert (shown.text, shown.encoding, shown.size_bytes) == ("/wA=", "base64", 2)


def test_a_long_body_says_what_is_left_out() -> None:
    assert body_text(b"x" * 100, 10).note == "the first 10 of 100 bytes"


def test_a_body_cut_inside_of_a_character_is_still_text() -> None:
    assert body_text("aé".encode(), 2).text == "a"


def test_a_body_that_the_target_did_not_end_says_so() -> None:
    assert "sent more than the 3 bytes" in body_text(b"abc", 10, is_cut=True).note
