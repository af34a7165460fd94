from mockserver.web.cors import CORS_HEADERS, is_preflight, preflight_headers

ALLOWED_HEADERS = ("cal-api-version", "Authorization", "Content-Type")

ASKING = [
    (b"origin", b"http://localhost:3000"),
    (b"access-control-request-method", b"PATCH"),
    (b"access-control-request-headers", b"cal-api-version, x-own"),
]


def test_any_origin_may_read_every_answer_and_the_mocks_own_headers() -> None:
    headers = dict(CORS_HEADERS)
    assert headers[b"access-control-allow-origin"] == b"*"
    exposed = headers[b"access-control-expose-headers"].split(b", ")
    assert {b"X-Request-Id", b"X-RateLimit-Limit-Default", b"Preference-Applied", b"Allow"} <= {
        *exposed
    }


def test_a_preflight_is_known_by_both_of_its_headers() -> None:
    assert is_preflight(ASKING)
    assert not is_preflight(ASKING[:1])
    assert not is_preflight(ASKING[1:])


def test_a_preflight_is_granted_for_a_day() -> None:
    headers = dict(preflight_headers(ASKING))
    assert headers[b"access-control-allow-origin"] == b"*"
    assert headers[b"access-control-max-age"] == b"86400"
    assert set(headers[b"access-control-allow-methods"].decode().split(", ")) == {
        *("GET", "PATCH", "DELETE", "HEAD", "POST", "PUT", "OPTIONS")
    }


def test_an_api_without_a_list_of_headers_allows_those_asked_for() -> None:
    headers = dict(preflight_headers(ASKING))
    assert headers[b"access-control-allow-headers"] == b"cal-api-version, x-own"
    assert b"access-control-allow-headers" not in dict(preflight_headers(ASKING[:2]))


def test_an_api_with_a_list_of_headers_allows_those_and_the_mocks_own() -> None:
    headers = dict(preflight_headers(ASKING, ALLOWED_HEADERS))
    allowed = headers[b"access-control-allow-headers"].decode().split(", ")
    assert allowed == [*ALLOWED_HEADERS, "Prefer"]


def test_header_names_asked_for_come_back_only_as_names() -> None:
    asked = [*ASKING[:2], (b"access-control-request-headers", b"x-a\r\nset-cookie: y, x-b")]
    allowed = dict(preflight_headers(asked))[b"access-control-allow-headers"]
    assert b"\r" not in allowed
    assert b":" not in allowed


def test_a_page_of_the_internet_may_call_a_mock_in_the_private_network() -> None:
    name = b"access-control-allow-private-network"
    asked = [*ASKING, (b"access-control-request-private-network", b"true")]
    assert dict(preflight_headers(asked))[name] == b"true"
    assert name not in dict(preflight_headers(ASKING))
