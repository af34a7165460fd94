from typing import Any

import pytest


def on(answer: Any) -> list[str]:
    return [quirk["name"] for quirk in answer.json()["quirks"] if quirk["isOn"]]


def test_known_quirks_are_listed_with_what_they_do(admin: Any) -> None:
    answer = admin("GET", "/deviations").json()
    assert answer["profile"] == "documented"
    assert answer["quirks"][1] == {
        "name": "lost-pages",
        "isOn": False,
        "inObserved": True,
        "operations": ["listBooks"],
        "documented": "says this",
        "observed": "does that",
        "evidence": "seen",
    }


def test_exactly_the_quirks_put_are_on(admin: Any, control: Any) -> None:
    assert on(admin("PUT", "/deviations", json={"quirks": ["lost-pages"]})) == ["lost-pages"]
    assert control.quirks.active == {"lost-pages"}
    assert on(admin("PUT", "/deviations", json={"quirks": []})) == []


def test_quirks_are_turned_on_and_off_one_by_one(admin: Any) -> None:
    assert on(admin("PATCH", "/deviations", json={"on": ["lost-pages"]})) == [
        "shy-books",
        "lost-pages",
    ]
    assert on(admin("PATCH", "/deviations", json={"off": ["shy-books"]})) == ["lost-pages"]


def test_deleting_deviations_returns_to_those_of_the_start(admin: Any) -> None:
    admin("PUT", "/deviations", json={"quirks": ["lost-pages"]})
    assert on(admin("DELETE", "/deviations")) == ["shy-books"]


@pytest.mark.parametrize(
    ("method", "body", "location"),
    [
        ("PUT", {"quirks": ["lost-pages", "lost-page"]}, "body/quirks/1"),
        ("PATCH", {"on": ["lost-page"]}, "body/on/0"),
        ("PATCH", {"off": ["lost-page"]}, "body/off/0"),
    ],
)
def test_an_unknown_quirk_changes_nothing_and_offers_the_nearest(
    admin: Any, method: str, body: Any, location: str
) -> None:
    answer = admin(method, "/deviations", json=body)
    assert answer.status_code == 422
    [flaw] = answer.json()["validation"]
    assert flaw["location"] == location
    assert "did you mean 'lost-pages'?" in flaw["message"]
    assert on(admin("GET", "/deviations")) == ["shy-books"]


@pytest.mark.parametrize(
    "body", [{}, {"on": "lost-pages"}, {"on": ["lost-pages"], "off": ["lost-pages"]}]
)
def test_a_change_that_says_nothing_clear_is_refused(admin: Any, body: Any) -> None:
    assert admin("PATCH", "/deviations", json=body).status_code == 422
    assert on(admin("GET", "/deviations")) == ["shy-books"]
