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


# ------------------------------------------------------------------ faults


def planted(answer: Any) -> list[str]:
    return [plant["text"] for fault in answer.json()["faults"] for plant in fault["planted"]]


def test_faults_are_listed_with_what_they_do_and_where_they_are_on(admin: Any) -> None:
    assert admin("GET", "/deviations").json()["faults"] == [
        {
            "name": "torn-pages",
            "category": "Books",
            "about": "pages are torn",
            "exposedBy": "a page is missing",
            "operations": ["listBooks"],
            "parameters": {"pages": 2.0},
            "isOn": True,
            "planted": [
                {
                    "text": "torn-pages:p=0.5",
                    "operations": ["listBooks"],
                    "probability": 1.0,
                    "timesLeft": None,
                    "parameters": {"pages": 2.0},
                }
            ],
        }
    ]


def test_exactly_the_faults_put_are_on_and_quirks_stay(admin: Any) -> None:
    answer = admin("PUT", "/deviations", json={"faults": ["torn-pages:times=3"]})
    assert (planted(answer), on(answer)) == (["torn-pages:times=3"], ["shy-books"])
    assert planted(admin("PUT", "/deviations", json={"faults": []})) == []


def test_a_fault_that_is_turned_on_again_is_planted_anew(admin: Any) -> None:
    answer = admin("PATCH", "/deviations", json={"on": ["torn-pages:pages=9"]})
    assert planted(answer) == ["torn-pages:pages=9"]


def test_a_fault_is_turned_off_by_its_name_alone(admin: Any) -> None:
    assert planted(admin("PATCH", "/deviations", json={"off": ["torn-pages"]})) == []


def test_quirks_and_faults_are_changed_together(admin: Any) -> None:
    answer = admin("PATCH", "/deviations", json={"on": ["lost-pages"], "off": ["torn-pages"]})
    assert (on(answer), planted(answer)) == (["shy-books", "lost-pages"], [])


def test_a_change_of_quirks_alone_does_not_plant_faults_anew(
    admin: Any, control: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    inner = control.set_deviations

    def noted(**given: Any) -> None:
        asked.append(given["faults"])
        inner(**given)

    monkeypatch.setattr(control, "set_deviations", noted)
    admin("PATCH", "/deviations", json={"on": ["lost-pages"]})
    assert asked == [None]


def test_deleting_deviations_returns_to_the_faults_of_the_start(admin: Any) -> None:
    admin("PUT", "/deviations", json={"faults": []})
    assert planted(admin("DELETE", "/deviations")) == ["torn-pages:p=0.5"]


@pytest.mark.parametrize(
    ("method", "body", "location"),
    [
        ("PUT", {"faults": ["torn-page"]}, "body/faults/0"),
        ("PATCH", {"on": ["torn-page:p=1"]}, "body/on/0"),
        ("PATCH", {"off": ["shy-books", "torn-page"]}, "body/off/1"),
    ],
)
def test_an_unknown_fault_changes_nothing_and_offers_the_nearest(
    admin: Any, method: str, body: Any, location: str
) -> None:
    answer = admin(method, "/deviations", json=body)
    assert answer.status_code == 422
    [flaw] = answer.json()["validation"]
    assert (flaw["location"], "did you mean 'torn-pages'?" in flaw["message"]) == (location, True)
    shown = admin("GET", "/deviations")
    assert (planted(shown), on(shown)) == (["torn-pages:p=0.5"], ["shy-books"])


def test_a_fault_cannot_be_turned_on_and_off_at_once(admin: Any) -> None:
    body = {"on": ["torn-pages:p=1"], "off": ["torn-pages"]}
    answer = admin("PATCH", "/deviations", json=body)
    assert (answer.status_code, planted(admin("GET", "/deviations"))) == (422, ["torn-pages:p=0.5"])
