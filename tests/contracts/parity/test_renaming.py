"""The same name again is the same thing again, and no two things become one."""

import pytest

from contracts.exchange import Request
from contracts.parity.names import TEXT, name_kind, noun_of
from contracts.parity.renamed import renamed_request
from contracts.parity.renaming import Renaming


def test_two_new_names_become_a_pair() -> None:
    renaming = Renaming()
    assert renaming.agrees("book", "7", "12")
    assert renaming.agrees("book", "7", "12")
    assert renaming.present("book", "7") == "12"


def test_a_known_name_cannot_mean_another_thing() -> None:
    renaming = Renaming()
    renaming.agrees("book", "7", "12")
    assert not renaming.agrees("book", "7", "13")


def test_two_things_cannot_become_one() -> None:
    renaming = Renaming()
    renaming.agrees("book", "7", "12")
    assert not renaming.agrees("book", "8", "12")


def test_the_same_number_can_name_things_of_two_kinds() -> None:
    renaming = Renaming()
    renaming.agrees("book", "7", "12")
    assert renaming.agrees("author", "7", "7")
    assert renaming.presents("7") == ["12", "7"]


def test_what_was_learned_since_a_mark_can_be_forgotten() -> None:
    renaming = Renaming()
    renaming.agrees("book", "7", "12")
    mark = renaming.mark()
    renaming.agrees("book", "8", "13")
    renaming.undo(mark)
    assert renaming.agrees("book", "8", "14")
    assert renaming.present("book", "7") == "12"


@pytest.mark.parametrize(
    ("place", "value", "kind"),
    [
        (("data", "id"), 4, "eventtype"),
        (("data", 0, "id"), 4, "eventtype"),
        (("data", "eventTypeId"), 4, "eventtype"),
        (("data", "users", 0, "id"), 4, "user"),
        (("data", "hosts", 0, "userId"), 4, "user"),
        (("data", "hostIds", 0), 4, "host"),
        (("data", "linkId"), "aB3", TEXT),
        (("data", "anything"), "0b976f56-a3e8-4f88-83af-d83c66ef24a0", TEXT),
        (("data", "length"), 4, None),
        (("data", "paid"), 4, None),
        (("data", "title"), "Tea", None),
        (("data", "id"), True, None),
    ],
)
def test_ids_are_known_by_their_property(
    place: tuple[str | int, ...], value: object, kind: str | None
) -> None:
    assert name_kind(place, value, "eventtype") == kind


@pytest.mark.parametrize(
    ("path", "noun"),
    [
        ("/v2/event-types", "eventtype"),
        ("/v2/event-types/{eventTypeId}", "eventtype"),
        ("/v2/event-types/12/private-links?take=3", "privatelink"),
        ("/categories/0b976f56-a3e8-4f88-83af-d83c66ef24a0", "category"),
        ("/", ""),
    ],
)
def test_a_path_is_about_its_last_word(path: str, noun: str) -> None:
    assert noun_of(path) == noun


def test_a_request_is_told_with_the_names_of_the_other_side() -> None:
    renaming = Renaming()
    renaming.agrees("book", "7", "12")
    renaming.agrees(TEXT, "abcdef", "uvwxyz")
    body = b'{"bookId": 7, "copies": 7, "loanId": "abcdef"}'
    request = Request("POST", "/books/7/loans/abcdef?bookId=7&take=7", (), body)
    renamed = renamed_request(request, renaming)
    assert renamed.target == "/books/12/loans/uvwxyz?bookId=12&take=7"
    assert renamed.json == {"bookId": 12, "copies": 7, "loanId": "uvwxyz"}


def test_a_request_without_known_names_stays_byte_by_byte() -> None:
    request = Request("POST", "/books/7?q=a%20b", (), b'{ "bookId":7 }')
    assert renamed_request(request, Renaming()) == request
