"""Paths, queries and headers that no client of good faith sends: answered, and never a failure."""

import pytest

from tests.end_to_end.callers import EVENT_TYPES, LINKS, Api
from tests.end_to_end.raw_requests import Headers, ask

KEY = (b"authorization", b"Bearer cal_test_demo")
OF_EVENT_TYPES = (KEY, (b"cal-api-version", EVENT_TYPES.encode()))
OF_LINKS = (KEY, (b"cal-api-version", LINKS.encode()))
PATH = b"/v2/event-types"
TEAMS = b"/v2/organizations/101/teams/event-types"
TEAM = b"/v2/organizations/101/teams/102/event-types"

NO_IDS = {
    "no number": b"abc",
    "not a number": b"NaN",
    "infinity": b"Infinity",
    "beyond every float": b"1e400",
    "a NUL": b"%00",
    "a NUL at the end": b"101%00",
    "bad percent-encoding": b"%zz",
    "a lone percent sign": b"%",
    "bytes of no UTF-8": b"%ff%fe",
    "a surrogate in UTF-8": b"%ED%A0%80",
    "an emoji": b"%F0%9F%98%80",
    "digits of another script": b"%D9%A1",
    "bytes that are not encoded": b"\xc2\xb2",
    "a line break": b"%0d%0aSet-Cookie:%20a=b",
    "two dots": b"%2e%2e",
    "an object's own": b"__proto__",
    "very long text": b"a" * 100_000,
    "a very long number": b"9" * 100_000,
}
NO_ONES = {"beyond 32 bits": b"99999999999", "beyond 64 bits": b"9" * 30, "negative": b"-1"}


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize("case", NO_IDS)
def test_what_is_no_id_of_an_event_type_is_refused(api: Api, method: str, case: str) -> None:
    target = PATH + b"/" + NO_IDS[case]
    body = b"{}" if method == "PATCH" else b""
    assert ask(api.app, method, target, OF_EVENT_TYPES, body).status in (400, 404)


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
@pytest.mark.parametrize("case", NO_IDS | NO_ONES)
def test_the_real_server_fails_in_its_own_words(observed: Api, method: str, case: str) -> None:
    target = PATH + b"/" + (NO_IDS | NO_ONES)[case]
    answer = ask(observed.app, method, target, OF_EVENT_TYPES)
    assert answer.status in (400, 404, 500)
    assert answer.json()["status"] == "error"


@pytest.mark.parametrize("place", ["event type", "organization", "team", "team's event type"])
@pytest.mark.parametrize("case", NO_IDS | NO_ONES)
def test_what_is_no_id_in_any_other_place_is_refused(api: Api, place: str, case: str) -> None:
    value = (NO_IDS | NO_ONES)[case]
    target = {
        "event type": PATH + b"/%s/private-links",
        "organization": b"/v2/organizations/%s/teams/102/event-types",
        "team": b"/v2/organizations/101/teams/%s/event-types",
        "team's event type": TEAM + b"/%s",
    }[place]
    answer = ask(api.app, "GET", target % value, OF_LINKS)
    assert answer.status in (400, 403, 404)


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
@pytest.mark.parametrize("case", NO_IDS | NO_ONES)
def test_any_text_may_stand_for_a_link_that_is_not_there(api: Api, method: str, case: str) -> None:
    target = PATH + b"/101/private-links/" + (NO_IDS | NO_ONES)[case]
    body = b'{"maxUsageCount": 3}' if method == "PATCH" else b""
    headers = (*OF_LINKS, (b"content-type", b"application/json"))
    assert ask(api.app, method, target, headers, body).status == 404


NO_PATHS = {
    "a thousand segments": b"/v2" + b"/a" * 1000,
    "a thousand empty segments": PATH + b"/" * 1000,
    "only slashes": b"/" * 100_000,
    "100 kB": b"/v2/" + b"a" * 100_000,
    "100 kB of percent signs": b"/v2/" + b"%25" * 33_000,
    "no slash": b"",
    "an asterisk": b"*",
    "a way out": b"/v2/../../../etc/passwd",
    "an encoded way out": b"/%2e%2e/%2e%2e/etc/passwd",
    "a NUL": b"/v2/\x00",
    "a page's way out": b"/__docs/..%2f..%2f..%2fetc/passwd",
    "a page with a NUL": b"/__docs/%00",
    "an admin path's way out": b"/__admin/%2e%2e/state",
}


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS", "BREW"])
@pytest.mark.parametrize("case", NO_PATHS)
def test_a_path_that_leads_nowhere_is_not_found(api: Api, method: str, case: str) -> None:
    assert ask(api.app, method, NO_PATHS[case], OF_EVENT_TYPES).status in (404, 405)


QUERIES = {
    "bad percent-encoding": b"username=%zz&eventSlug=%",
    "bytes of no UTF-8": b"username=%ff&\xff=\xfe",
    "a surrogate in UTF-8": b"username=demo&eventSlug=%ED%A0%80",
    "a NUL": b"username=%00",
    "only ampersands": b"&" * 50_000,
    "ten thousand names": b"&".join(b"a%d=b" % number for number in range(10_000)),
    "a value of 100 kB": b"username=" + b"x" * 100_000,
    "ten thousand values": b"usernames=" + b",".join(b"u%d" % number for number in range(10_000)),
    "an object": b"username[__proto__]=x&__proto__=x",
    "equals signs": b"=&==&===",
}


@pytest.mark.parametrize("target", [PATH, TEAM, b"/v2/me"])
@pytest.mark.parametrize("case", QUERIES)
def test_a_strange_query_finds_nothing_or_is_ignored(api: Api, case: str, target: bytes) -> None:
    answer = ask(api.app, "GET", target + b"?" + QUERIES[case], OF_EVENT_TYPES)
    assert answer.status in (200, 404)


NUMBERS = ["1e400", "1e300", "9" * 30, "9" * 400, "NaN", "-1", "%2B1", "%D9%A1", "0x1", "1e", ""]


@pytest.mark.parametrize("name", ["take", "skip"])
@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_in_a_query_must_be_one_that_is_allowed(api: Api, name: str, number: str) -> None:
    target = TEAMS + f"?{name}={number}".encode()
    assert ask(api.app, "GET", target, OF_EVENT_TYPES).status == 400


@pytest.mark.parametrize("number", ["1e400", "1e300", "9" * 400, "NaN"])
def test_no_organization_has_a_number_beyond_64_bits(api: Api, number: str) -> None:
    target = PATH + f"?username=demo&orgId={number}".encode()
    answer = ask(api.app, "GET", target, OF_EVENT_TYPES)
    assert answer.status == 400 or answer.json()["data"] == []


@pytest.mark.parametrize("name", [b"username", b"orgSlug", b"eventSlug"])
def test_a_text_that_comes_twice_is_refused(api: Api, name: bytes) -> None:
    query = b"?username=demo&" + name + b"=a&" + name + b"=b"
    assert ask(api.app, "GET", PATH + query, OF_EVENT_TYPES).status == 400


NO_CREDENTIALS = {
    "an empty header": b"",
    "only the scheme": b"Bearer",
    "the scheme and a blank": b"Bearer ",
    "another scheme": b"Basic eDp5",
    "100 kB": b"Bearer cal_" + b"k" * 100_000,
    "bytes of no UTF-8": b"Bearer cal_\xff\xfe",
    "a NUL": b"Bearer cal_test_demo\x00",
    "an object's own": b"Bearer __proto__",
    "a key that would be an object's own": b"Bearer cal___proto__",
}


@pytest.mark.parametrize("case", NO_CREDENTIALS)
def test_what_is_no_credential_is_refused(api: Api, case: str) -> None:
    headers = ((b"authorization", NO_CREDENTIALS[case]), *OF_EVENT_TYPES[1:])
    assert ask(api.app, "GET", b"/v2/me", headers).status == 401


def test_bytes_of_no_utf8_as_a_client_and_its_secret_are_refused(api: Api) -> None:
    headers = ((b"x-cal-client-id", b"\xff\xfe"), (b"x-cal-secret-key", b"\xf0" * 1000))
    assert ask(api.app, "GET", b"/v2/me", headers).status == 401


@pytest.mark.parametrize("version", [b"", b"\xff", b"\x00", b"__proto__", b"x" * 100_000])
def test_what_is_no_version_is_refused(api: Api, version: bytes) -> None:
    for target in (PATH, PATH + b"/101/private-links"):
        headers = (KEY, (b"cal-api-version", version))
        assert ask(api.app, "GET", target, headers).status == 400


@pytest.mark.parametrize(
    "kind",
    [b"", b";;;", b"\xff\xfe", b"text/plain", b"application/json; charset=\xff", b"a" * 99999],
)
def test_a_body_of_another_media_type_is_refused(api: Api, kind: bytes) -> None:
    headers = (*OF_EVENT_TYPES, (b"content-type", kind))
    assert ask(api.app, "POST", PATH, headers, b"{}").status == 415


@pytest.mark.parametrize("length", [b"-1", b"abc", b"\xb2", b"", b"1e9", b"9" * 30])
def test_an_announced_length_that_is_none_is_ignored(api: Api, length: bytes) -> None:
    headers = (*OF_EVENT_TYPES, (b"content-type", b"application/json"), (b"content-length", length))
    assert ask(api.app, "POST", PATH, headers, b"{}").status == 400


PREFERENCES = {
    "nothing": (b"", 200),
    "only commas": (b"," * 10_000, 200),
    "somebody else's": (b"return=minimal, wait=10", 200),
    "a very long name": (b"x" * 100_000, 200),
    "bytes of no UTF-8": (b"\xff", 400),
    "no code": (b"code=", 400),
    "a code that is none": (b"code=99999999999999999999", 400),
    "an undocumented code": (b"code=299", 400),
    "an unknown example": (b"example=__proto__", 400),
    "an open quotation": (b'example="', 400),
    "many open quotations": (b'a="' * 9_999, 400),
    "backslashes": (b'a="' + b"\\" * 50_000, 400),
    "a huge seed": (b"seed=" + b"9" * 100_000, 400),
    "neither true nor false": (b"dynamic=\x00", 400),
}


@pytest.mark.parametrize("case", PREFERENCES)
def test_a_preference_is_understood_ignored_or_refused(api: Api, case: str) -> None:
    value, status = PREFERENCES[case]
    headers: Headers = (*OF_EVENT_TYPES, (b"prefer", value))
    assert ask(api.app, "GET", PATH, headers).status == status
