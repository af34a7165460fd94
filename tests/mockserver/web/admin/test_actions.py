from typing import Any

import pytest


def test_actions_are_listed_with_their_arguments(admin: Any, control: Any) -> None:
    [action] = admin("GET", "/actions").json()["actions"]
    assert action["name"] == "lend-book"
    assert action["about"] == "Lends the book"
    assert action["arguments"] == control.actions["lend-book"].arguments


def test_an_action_changes_the_world_and_tells_what_came_of_it(admin: Any, control: Any) -> None:
    answer = admin("POST", "/actions/lend-book", json={"to": "ann"})
    assert answer.json() == {"result": {"lentTo": "ann"}}
    assert control.store.get("books", "1")["isLent"] is True


def test_an_action_that_the_world_refuses_changes_nothing(admin: Any, control: Any) -> None:
    answer = admin("POST", "/actions/lend-book", json={"to": "nobody"})
    assert answer.status_code == 409
    assert answer.json()["detail"] == "nobody cannot borrow a book"
    assert control.store.get("books", "1") == {"id": 1, "title": "Emma", "shelf": "a"}


@pytest.mark.parametrize(
    ("arguments", "location"),
    [
        (None, "body/to"),
        ({}, "body/to"),
        ({"to": 3}, "body/to"),
        ({"to": ""}, "body/to"),
        ({"to": "ann", "form": 1}, "body/form"),
    ],
)
def test_wrong_arguments_do_not_reach_the_action(
    admin: Any, control: Any, arguments: Any, location: str
) -> None:
    options = {} if arguments is None else {"json": arguments}
    answer = admin("POST", "/actions/lend-book", **options)
    assert answer.status_code == 422
    assert answer.json()["validation"][0]["location"] == location
    assert control.store.get("books", "1") == {"id": 1, "title": "Emma", "shelf": "a"}


def test_an_unknown_action_offers_the_nearest(admin: Any) -> None:
    answer = admin("POST", "/actions/lend-books", json={})
    assert answer.status_code == 404
    assert answer.json()["detail"] == "there is no action 'lend-books'; did you mean 'lend-book'?"
