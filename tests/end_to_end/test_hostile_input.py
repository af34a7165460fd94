"""Input that nobody sends in good faith: the API says no in its own words, or takes it as text.

What comes back is never a failure of the mock itself.
"""

import json
from typing import Any

import pytest

from tests.end_to_end.callers import EVENT_TYPES, LINKS, Api
from tests.end_to_end.raw_requests import (
    JSON_BODY,
    Headers,
    RawAnswer,
    RawRequest,
    answers_at_once,
    ask,
)

KEY = (b"authorization", b"Bearer cal_test_demo")
VERSION = b"cal-api-version"
OF_EVENT_TYPES = (KEY, (VERSION, EVENT_TYPES.encode()), JSON_BODY)
OF_LINKS = (KEY, (VERSION, LINKS.encode()), JSON_BODY)
PATH = b"/v2/event-types"
LINK = PATH + b"/101/private-links/demoCountedFresh111111"
NESTED = 50_000


def call(
    api: Api, method: str, target: bytes, headers: Headers = OF_EVENT_TYPES, body: bytes = b""
) -> RawAnswer:
    return ask(api.app, method, target, headers, body)


def created(api: Api, **settings: Any) -> Any:
    """A new event type with these settings, as it is read back."""
    asked = {"title": "T", "slug": "s", "lengthInMinutes": 30, **settings}
    answer = call(api, "POST", PATH, body=json.dumps(asked).encode())
    assert answer.status == 201, answer.body[:500]
    return call(api, "GET", PATH + b"/%d" % answer.json()["data"]["id"]).json()["data"]


def with_value(name: str, value: str) -> bytes:
    """The body of a create in which one setting has *value*, given as JSON text."""
    given = {"title": '"T"', "slug": '"s"', "lengthInMinutes": "30", name: value}
    return ("{" + ",".join(f'"{key}":{text}' for key, text in given.items()) + "}").encode()


BODIES = {
    "no body": b"",
    "blanks": b"  ",
    "half an object": b'{"title":',
    "an array": b'[{"title": "T"}]',
    "a number": b"1",
    "a text": b'"text"',
    "null": b"null",
    "a NUL": b"\x00",
    "two objects": b"{}{}",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": "{}".encode("utf-16"),
    "bytes of no UTF-8": b'{"title": "\xff\xfe"}',
    "NaN": b'{"lengthInMinutes": NaN}',
    "a number beyond every float": b'{"lengthInMinutes": 1e400}',
    "arrays in arrays": b"[" * NESTED + b"]" * NESTED,
    "arrays that never end": b"[" * 2 * NESTED,
    "objects in objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "deeper than a validator follows": with_value("title", "[" * 300 + "]" * 300),
    "a deep setting": with_value("title", "[" * NESTED + "]" * NESTED)[:100_000],
}


@pytest.mark.parametrize("target", [b"", b"/101/private-links"])
@pytest.mark.parametrize("case", [name for name in BODIES if name != "no body"])
def test_a_body_that_is_no_object_is_refused(api: Api, case: str, target: bytes) -> None:
    headers = OF_LINKS if target else OF_EVENT_TYPES
    answer = call(api, "POST", PATH + target, headers, BODIES[case])
    assert answer.status == 400
    assert answer.json()["error"]["code"] == "BadRequestException"


@pytest.mark.parametrize("profile", ["api", "observed"])
@pytest.mark.parametrize("case", BODIES)
def test_no_body_makes_an_update_change_anything(
    request: pytest.FixtureRequest, profile: str, case: str
) -> None:
    mock: Api = request.getfixturevalue(profile)
    before = call(mock, "GET", PATH + b"/101").json()
    assert call(mock, "PATCH", PATH + b"/101", body=BODIES[case]).status in (200, 400)
    assert call(mock, "GET", PATH + b"/101").json() == before


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_body_of_ten_megabytes_is_too_large(api: Api, method: str) -> None:
    target = PATH if method == "POST" else PATH + b"/101"
    answer = call(api, method, target, body=b'{"title": "' + b"x" * 10_000_000 + b'"}')
    assert answer.status == 413


def test_ten_thousand_booking_fields_are_too_large(api: Api) -> None:
    fields = [
        {"type": "text", "slug": f"f{n}", "label": "x", "required": False} for n in range(10**4)
    ]
    body = with_value("bookingFields", json.dumps(fields))
    assert call(api, "POST", PATH, body=body).status == 413


def test_many_booking_fields_are_all_kept(api: Api) -> None:
    field = {"type": "text", "label": "x", "required": False, "placeholder": "p"}
    fields = [{**field, "slug": f"field-{number}"} for number in range(500)]
    kept = created(api, bookingFields=fields)["bookingFields"]
    assert [one["slug"] for one in kept if not one["isDefault"]] == [f["slug"] for f in fields]


NUMBERS = ["1e308", "-1e308", "1e19", "18446744073709551616", "9" * 300, "-9223372036854775809"]
SETTINGS = [
    "lengthInMinutes",
    "minimumBookingNotice",
    "slotInterval",
    "title",
    "scheduleId",
    "seats",
]


@pytest.mark.parametrize("profile", ["api", "observed"])
@pytest.mark.parametrize("name", SETTINGS)
def test_a_number_of_more_than_64_bits_is_no_failure(
    request: pytest.FixtureRequest, profile: str, name: str
) -> None:
    mock: Api = request.getfixturevalue(profile)
    for number in NUMBERS:
        answer = call(mock, "POST", PATH, body=with_value(name, number))
        assert answer.status in (201, 400), (number, answer.body)


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize("number", NUMBERS)
def test_a_maximum_of_more_than_64_bits_is_refused(api: Api, method: str, number: str) -> None:
    target = LINK if method == "PATCH" else LINK.rpartition(b"/")[0]
    body = b'{"maxUsageCount": %s}' % number.encode()
    assert call(api, method, target, OF_LINKS, body).status == 400


@pytest.mark.parametrize("name", ["title", "slug", "description", "customName"])
def test_a_lone_surrogate_is_no_text(api: Api, name: str) -> None:
    answer = call(api, "POST", PATH, body=with_value(name, r'"a\ud800b"'))
    assert answer.status == 400


TEXTS = ["\x00", "a\x00b", "\u202e\u200b", "\U0001f600", "É日本", "__proto__", "x" * 20_000]


@pytest.mark.parametrize("name", ["title", "description"])
@pytest.mark.parametrize("text", TEXTS)
def test_any_other_text_is_read_back_as_it_was_sent(api: Api, name: str, text: str) -> None:
    assert created(api, **{name: text})[name] == text


@pytest.mark.parametrize("slug", ["\U0001f600", "日本-語", "a\u0301", "été", "\x00"])
def test_a_slug_of_any_script_is_read_back_and_found(api: Api, slug: str) -> None:
    assert created(api, slug=slug)["slug"] == slug
    found = api.of("demo").get("/event-types", username="demo", eventSlug=slug)
    assert [one["slug"] for one in found.data] == [slug]


@pytest.mark.parametrize("name", ["__proto__", "constructor", "toString", "hasOwnProperty"])
def test_names_that_mean_something_to_javascript_are_names(api: Api, name: str) -> None:
    field = {"type": "text", "slug": name, "label": name, "required": False, "placeholder": ""}
    shown = created(api, bookingFields=[field], **{name: {"slug": "x"}})
    assert shown["slug"] == "s"
    assert name in [one.get("slug") for one in shown["bookingFields"]]


def test_of_a_name_that_comes_twice_the_last_value_holds(api: Api) -> None:
    body = b'{"title":"A","title":"B","slug":"a","slug":"b","lengthInMinutes":1}'
    shown = call(api, "POST", PATH, body=body).json()["data"]
    assert (shown["title"], shown["slug"]) == ("B", "b")


def test_fifty_creates_at_once_with_one_slug_make_one_event_type(api: Api) -> None:
    create = RawRequest("POST", PATH, OF_EVENT_TYPES, with_value("slug", '"the-one"'))
    statuses = [answer.status for answer in answers_at_once(api.app, [create] * 50)]
    assert sorted(statuses) == [201] + [400] * 49


def test_a_link_for_five_is_used_by_five_of_many_at_once(api: Api) -> None:
    link = api.of("demo", LINKS).post("/event-types/101/private-links", {"maxUsageCount": 5}).data
    body = json.dumps({"linkId": link["linkId"]}).encode()
    use = RawRequest("POST", b"/__admin/actions/use-private-link", (JSON_BODY,), body)
    statuses = [answer.status for answer in answers_at_once(api.app, [use] * 64)]
    assert sorted(statuses) == [200] * 5 + [409] * 59
