import pytest

from mockserver.domains.calcom.settings.web_address import is_phone_number, is_web_address


@pytest.mark.parametrize(
    "text",
    [
        "https://zoom.us/j/123456789",
        "http://example.com",
        "ftp://files.example.com/a",
        "example.com/path?x=1#y",
        "https://user:secret@example.com:8080/",
        "http://127.0.0.1:4010/x",
        "http://[::1]:4010/x",
        "https://münchen.example",
        "https://example.xn--p1ai",
        "https://example.com?next=a@b",
    ],
)
def test_an_address_with_a_dotted_host_is_a_url(text: str) -> None:
    assert is_web_address(text)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "word",
        "http://localhost:3000",
        "javascript://example.com",
        "mailto:a@example.com",
        "https://exa mple.com",
        "https://example.com/<x>",
        "https://-x.com",
        "https://example.c",
        "https://example.com:",
        "https://example.com:99999",
        "https://example.com:port",
        "https://a_b.com",
        "https://[::g]/",
        "https://[::1]:99999/",
        "https://example.com/" + "x" * 2083,
        5,
        None,
    ],
)
def test_anything_else_is_no_url(value: object) -> None:
    assert not is_web_address(value)


@pytest.mark.parametrize("text", ["+37120993151", "+1 (202) 555-0143"])
def test_an_international_number_is_a_phone_number(text: str) -> None:
    assert is_phone_number(text)


@pytest.mark.parametrize("value", ["20993151", "+0371209931", "+123", "+1234567890123456", 5, ""])
def test_a_number_without_country_or_of_wrong_length_is_none(value: object) -> None:
    assert not is_phone_number(value)
