"""Templates are filled with what the present answers gave."""

from datetime import UTC, datetime

from contracts.exchange import Exchange, Request, Response
from contracts.parity.recorded import Recorded, json_request
from contracts.parity.variables import Variables
from mockserver.model import MISSING, Json

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def recorded(
    seq: int, path: str, template: str, body: Json = None, body_template: Json = MISSING
) -> Recorded:
    request = json_request("POST", path, (("Authorization", "Bearer <key:ann>"),), body)
    answer = Response(201, (), b'{"data": {"id": 7}}')
    capture = {"book": ("data", "id")} if seq == 1 else {}
    return Recorded(seq, "a.jsonl", "", AT, request, answer, template, body_template, capture)


CREATE = recorded(1, "/books", "/books")
LEND = recorded(
    2,
    "/books/7/loans?to=3",
    "/books/<<book>>/loans?to=<<reader>>",
    {"bookId": 7, "code": "7", "note": "book 7"},
    {"bookId": "<<book>>", "code": "<<book>>", "note": "book <<book>>"},
)


def secret_of(name: str) -> str:
    return f"key-of-{name}"


def filled(*, status: int = 201) -> Request:
    variables = Variables([CREATE, LEND], {}, is_guessing=True)
    answer = Response(status, (), b'{"data": {"id": 12}}')
    variables.learn(CREATE, Exchange(1, CREATE.request, answer, None, {}, AT, 0.0))
    return variables.request(LEND, secret_of)


def test_a_value_has_the_type_that_was_recorded() -> None:
    assert filled().json == {"bookId": 12, "code": "12", "note": "book 12"}


def test_the_path_has_captured_values_and_those_of_the_recorded_world() -> None:
    assert filled().target == "/books/12/loans?to=3"


def test_a_masked_key_becomes_that_of_the_actor() -> None:
    request = filled()
    assert request.header("authorization") == "Bearer key-of-ann"
    assert request.actor == "ann"


def test_what_a_refusal_did_not_give_is_what_it_was_when_recorded() -> None:
    assert filled(status=404).target == "/books/7/loans?to=3"
