from collections.abc import Callable
from pathlib import Path

import pytest

from mockserver.errors import SetupError
from mockserver.openapi import Quirks, QuirkTable, check_quirk_operations, load_quirks

Write = Callable[[str, str], Path]

TABLE = """\
quirks:
  - name: forgets-books
    operations: [getBook]
    documented: It remembers
    observed: It forgets
    evidence: recordings 1
    actions:
      - {target: $.info, update: {title: Forgetful}}
  - name: shouts
    operations: ['*']
    documented: It is quiet
    observed: It shouts
    evidence: S
    profile: none
    actions:
      - {target: $.info, update: {title: LOUD}}
"""


@pytest.fixture
def table(write: Write) -> QuirkTable:
    return load_quirks(write("quirks.yaml", TABLE))


def test_no_file_means_no_quirks() -> None:
    assert load_quirks(None).choose("observed").active == frozenset()


def test_the_documented_profile_has_none(table: QuirkTable) -> None:
    assert table.choose("documented").active == frozenset()


def test_the_observed_profile_has_those_that_belong_to_it(table: QuirkTable) -> None:
    assert table.choose("observed").active == {"forgets-books"}


def test_a_quirk_can_be_switched_on_by_name(table: QuirkTable) -> None:
    quirks = table.choose("documented", ["shouts"])
    assert quirks.has("shouts")
    assert not quirks.has("forgets-books")


def test_actions_come_in_the_order_of_the_file(table: QuirkTable) -> None:
    quirks = table.choose("observed", ["shouts"])
    titles = [action["update"]["title"] for action in table.actions(quirks)]
    assert titles == ["Forgetful", "LOUD"]
    assert table.actions(Quirks()) == []


def test_an_unknown_name_or_profile_offers_the_nearest(table: QuirkTable) -> None:
    with pytest.raises(SetupError, match=r"unknown quirk.*did you mean 'shouts'"):
        table.choose("documented", ["shout"])
    with pytest.raises(SetupError, match=r"unknown profile.*did you mean 'observed'"):
        table.choose("observe")


def test_an_operation_that_the_document_lacks_is_found(table: QuirkTable) -> None:
    check_quirk_operations(table, {"getBook"})
    with pytest.raises(
        SetupError, match=r"q\.yaml: quirk forgets-books: .*did you mean 'getBooks'"
    ):
        check_quirk_operations(table, {"getBooks"}, "q.yaml")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("quirks:", "quirk:", "must hold one key, `quirks`"),
        ("evidence: S", "evidense: S", "quirk 2: unknown key.*did you mean 'evidence'"),
        ("    evidence: S\n", "", "quirk 2: `evidence` must be a text"),
        ("profile: none", "profile: non", "quirk shouts: unknown profile.*did you mean 'none'"),
        ("name: shouts", "name: forgets-books", "quirk 2: this name is used twice"),
        ("operations: ['*']", "operations: []", "`operations` must be a list with entries"),
        ("target: $.info", "target: info", "quirk forgets-books: action 1, target: bad JSONPath"),
    ],
)
def test_a_bad_table_is_refused_with_its_place(
    write: Write, old: str, new: str, reason: str
) -> None:
    assert old in TABLE
    with pytest.raises(SetupError, match=rf"quirks\.yaml: .*{reason}|quirks\.yaml: {reason}"):
        load_quirks(write("quirks.yaml", TABLE.replace(old, new, 1)))
