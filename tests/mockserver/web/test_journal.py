import tracemalloc
from collections.abc import Mapping
from datetime import UTC, datetime
from time import process_time
from typing import Any

import pytest

from mockserver.model import Reply
from mockserver.web.journal import KEPT_BODY_BYTES, Journal
from mockserver.web.journal_entry import SHOWN_BODY_BYTES, Entry
from mockserver.web.journal_match import RequestPattern, matches_path
from mockserver.web.observers import Answered
from mockserver.web.writer import packed

NOW = datetime(2030, 1, 1, 8, tzinfo=UTC)


def note(
    journal: Journal,
    method: str = "GET",
    target: str = "/books",
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    answer: bytes = b"{}",
) -> Entry:
    sent = headers or {}
    journal.add(
        Answered(NOW, method, target, "listBooks", status, 0.001, "ann", sent, body, answer, b"")
    )
    entry = journal.get(journal.last_number)
    assert entry is not None
    return entry


def numbers(entries: list[Entry]) -> list[int]:
    return [entry.number for entry in entries]


def test_a_full_journal_forgets_the_oldest() -> None:
    journal = Journal(max_count=3)
    for _ in range(5):
        note(journal)
    assert numbers(journal.find()) == [3, 4, 5]
    assert journal.get(2) is None
    assert journal.get(6) is None
    assert journal.get(3) is not None


def test_large_bodies_push_out_older_requests() -> None:
    journal = Journal(max_bytes=100_000)
    for _ in range(10):
        note(journal, body=b"x" * 30_000)
    assert len(journal) == 3
    assert journal.kept_bytes <= 100_000


def test_large_headers_and_targets_count_too() -> None:
    journal = Journal(max_bytes=100_000)
    for _ in range(10):
        note(journal, target="/" + "x" * 15_000, headers={"x": "y" * 15_000})
    assert len(journal) == 3


def test_each_request_is_sized_by_its_own_headers() -> None:
    journal, short, long = Journal(), {"x": "y"}, {"x": "y" * 5000}
    sizes = []
    for headers in (short, short, long, long, short):
        before = journal.kept_bytes
        note(journal, headers=headers)
        sizes.append(journal.kept_bytes - before)
    assert [size - sizes[0] for size in sizes] == [0, 0, 4999, 4999, 0]


def test_the_journal_keeps_what_it_was_given_and_not_a_copy() -> None:
    journal, body, headers = Journal(), b"x" * 1000, {"x": "y"}
    note(journal, body=body, headers=headers)
    [(*_, answered)] = journal._rows
    assert answered.body is body
    assert answered.headers is headers


def test_one_huge_body_does_not_push_out_everything() -> None:
    journal = Journal(max_bytes=1_000_000)
    note(journal)
    entry = note(journal, answer=b"[" + b"1," * 1_000_000 + b"1]")
    assert len(journal) == 2
    assert journal.kept_bytes < KEPT_BODY_BYTES + 10_000
    assert entry.answer.size_bytes == 2_000_003
    assert entry.answer.is_cut


def test_a_long_body_is_shown_cut_and_marked() -> None:
    entry = note(Journal(), body=b'{"title": "' + "ä".encode() * SHOWN_BODY_BYTES + b'"}')
    assert len(entry.body.text.encode()) <= SHOWN_BODY_BYTES
    assert entry.body.is_cut
    assert "json" not in entry.body.as_json()


def test_a_body_is_cut_only_beyond_the_limit() -> None:
    assert not note(Journal(), body=b"x" * SHOWN_BODY_BYTES).body.is_cut
    assert note(Journal(), body=b"x" * (SHOWN_BODY_BYTES + 1)).body.is_cut


def test_a_body_of_no_text_is_shown_all_the_same() -> None:
    entry = note(Journal(), body=b"\xff\xfe{")
    assert entry.body.size_bytes == 3
    assert "json" not in entry.body.as_json()


def test_a_cleared_journal_counts_on() -> None:
    journal = Journal()
    note(journal)
    assert journal.clear() == 1
    assert (len(journal), journal.kept_bytes) == (0, 0)
    assert note(journal).number == 2


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("authorization", "Bearer cal_test_alice", "Bearer ***"),
        ("authorization", "cal_test_alice", "***"),
        ("authorization", "Digest username=x, nonce=abcdef", "Digest ***"),
        ("x-cal-secret-key", "very-secret", "***"),
        ("cookie", "session=abcdef; theme=dark", "***"),
        ("x-api-key", "k1", "***"),
        ("x-library-card", "card-77", "***"),
        ("x-cal-client-id", "client-1", "client-1"),
        ("cal-api-version", "2024-09-04", "2024-09-04"),
    ],
)
def test_credentials_in_headers_are_masked(name: str, value: str, shown: str) -> None:
    journal = Journal(secret_names={"x-library-card"})
    assert note(journal, headers={name: value}).headers == {name: shown}


def test_a_credential_is_masked_wherever_it_is_repeated() -> None:
    entry = note(
        Journal(),
        target="/books/cal_test_alice",
        headers={"authorization": "Bearer cal_test_alice", "x-note": "is cal_test_alice"},
        body=b'{"note": "cal_test_alice"}',
        answer=b'{"message": "no client found for access token=cal_test_alice"}',
    )
    assert "cal_test_alice" not in str(entry.as_json())
    assert entry.as_json()["request"]["body"]["json"] == {"note": "***"}


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"clientSecret": "a\\"b", "n": 1}', {"clientSecret": "***", "n": 1}),
        (
            b'{"a": [{"accessToken" : "t"}], "token": null}',
            {"a": [{"accessToken": "***"}], "token": None},
        ),
        (b'{"password": ""}', {"password": "***"}),
    ],
)
def test_secret_members_of_bodies_are_masked(body: bytes, shown: Any) -> None:
    assert note(Journal(), answer=body).answer.as_json()["json"] == shown


def test_secrets_in_queries_and_forms_are_masked() -> None:
    entry = note(Journal(), target="/books?page=2&api_key=abc", body=b"user=ann&password=abc&x=1")
    assert entry.target == "/books?page=2&api_key=***"
    assert entry.body.text == "user=ann&password=***&x=1"


def test_a_cut_does_not_show_the_beginning_of_a_secret() -> None:
    secret = b'", "secret": "' + b"s" * 1000 + b'"}'
    shown_cut = b'{"pad": "' + b"x" * (SHOWN_BODY_BYTES - 40) + secret
    kept_cut = b'{"token": "' + b"x" * (KEPT_BODY_BYTES - 60) + secret
    assert "sss" not in note(Journal(), body=shown_cut).body.text
    assert "sss" not in note(Journal(), body=kept_cut).body.text


@pytest.mark.parametrize(
    ("pattern", "target", "is_match"),
    [
        ("/books", "/books", True),
        ("/books", "/books?page=2", True),
        ("/books?page=2", "/books?page=2", True),
        ("/books?page=2", "/books", False),
        ("/books", "/books/1", False),
        ("/books*", "/books/1", True),
        ("/books/{id}", "/books/1", True),
        ("/books/{id}", "/books/1/pages", False),
        ("/books/{id}/*", "/books/1/pages", True),
        ("/books/{id}.json", "/books/1.json", True),
        ("/books/{id}.json", "/books/1.json.json", True),
        ("/{kind}-{id}/{page}", "/old-book-1/2", True),
        ("/{kind}-{id}/{page}", "/book/2", False),
        ("/{one}{other}", "/ab", True),
        ("/{one}{other}", "/a", False),
        ("/b.oks", "/books", False),
        ("*", "/books", True),
    ],
)
def test_paths_match_exactly_by_prefix_or_by_template(
    pattern: str, target: str, is_match: bool
) -> None:
    assert matches_path(pattern, target) is is_match


@pytest.mark.parametrize(
    ("wanted", "is_match"),
    [
        ({"a": 1}, True),
        ({"a": 1.0}, True),
        ({"a": True}, False),
        ({"b": {"c": [1, {"d": None}]}}, True),
        ({"b": {"c": [1]}}, False),
        ({"b": {"c": [1, {}]}}, True),
        ({"missing": None}, False),
        ([], False),
        ({}, True),
    ],
)
def test_a_body_contains_json(wanted: Any, is_match: bool) -> None:
    journal = Journal()
    note(journal, body=b'{"a": 1, "b": {"c": [1, {"d": null, "e": 2}]}}')
    assert journal.count(RequestPattern(json=wanted)) == int(is_match)


def test_a_request_without_json_contains_none() -> None:
    journal = Journal()
    note(journal)
    assert journal.count(RequestPattern(json={})) == 0


def test_headers_are_compared_by_name_in_any_case() -> None:
    journal = Journal()
    note(journal, headers={"accept": "text/html"})
    assert journal.count(RequestPattern(headers={"Accept": "text/html"})) == 1
    assert journal.count(RequestPattern(headers={"Accept": "text/*"})) == 1
    assert journal.count(RequestPattern(headers={"Accept": "text"})) == 0
    assert journal.count(RequestPattern(headers={"Origin": "*"})) == 0


def test_near_misses_are_ranked_by_how_far_off_they_are() -> None:
    journal = Journal()
    note(journal, "DELETE", "/authors")
    note(journal, "GET", "/books/1")
    note(journal, "POST", "/books")
    note(journal, "GET", "/books")
    note(journal, "GET", "/books", status=404)
    misses = journal.near_misses(RequestPattern(method="GET", path="/books", status="403"))
    assert [miss.entry.number for miss in misses] == [5, 4, 2]
    assert [one.as_json() for one in misses[0].differences] == [
        {"part": "status", "wanted": "403", "got": 404}
    ]


def test_near_misses_leave_out_what_came_before() -> None:
    journal = Journal()
    note(journal)
    assert journal.near_misses(RequestPattern(path="/book"), since=1) == []


def test_near_misses_mask_members_that_are_secret() -> None:
    journal = Journal()
    note(journal, body=b'{"password": "hunter2", "inner": {"secret": "hunter3"}}')
    pattern = RequestPattern(json={"password": "x", "inner": 3}, path="/x?token=a")
    [miss] = journal.near_misses(pattern)
    assert "hunter" not in str(miss.differences)


@pytest.mark.parametrize("body", [b'{"' + b"token" * 26_000, b"token" * 26_000])
def test_masking_takes_no_time_that_grows_with_the_square_of_a_body(body: bytes) -> None:
    began = process_time()
    note(Journal(), body=body)
    assert process_time() - began < 5


def test_a_kept_answer_takes_no_more_memory_than_its_bytes() -> None:
    journal, reply = Journal(), Reply(200, {"text": "x" * 5000})
    note(journal, answer=packed(reply)[1])  # warms up
    tracemalloc.start()
    try:
        for _ in range(20):
            note(journal, answer=packed(reply)[1])
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken / 20 < 5000 + 2000
