"""What answers an operation, and what the answer is where nothing is stored."""

from dataclasses import replace
from typing import Any

from mockserver.behaviours import Behaviours, Call, choices_of, choose, generic_domain
from mockserver.model import MISSING, Reply


def test_every_operation_has_a_choice_of_one_kind(library: Any) -> None:
    kinds = {name: choice.kind for name, choice in library.choices.items()}
    assert kinds["readBook"] == "crud"
    assert {name: kind for name, kind in kinds.items() if kind != "crud"} == {
        "readStatus": "example",
        "readFines": "example",
        "ping": "example",
        "readCover": "none",
    }


def test_a_behaviour_of_the_domain_comes_first(library: Any) -> None:
    own = Behaviours()

    @own.on("readBook", "readStatus")
    def answer(call: Call) -> Reply:
        return Reply(200, "mine")

    domain = replace(generic_domain(), behaviours=own)
    chosen = choices_of(library.operations.values(), domain, library.resources, library.document)
    for name in ("readBook", "readStatus"):
        assert (chosen[name].kind, chosen[name].behaviour) == ("domain", answer)
    assert chosen["createBook"].kind == "crud"


def test_one_operation_can_be_chosen_for_alone(library: Any) -> None:
    operation = library.operations["readFines"]
    choice = choose(operation, generic_domain(), library.resources, library.document)
    assert choice.kind == "example"
    assert choice.behaviour(library.call("readFines")) == library.ask("readFines")


def test_the_first_example_that_fits_its_schema_is_the_answer(library: Any) -> None:
    reply = library.ask("readStatus")
    assert (reply.status, reply.body) == (200, {"isOpen": True, "since": "always"})


def test_without_an_example_a_value_is_made_once(library: Any) -> None:
    reply = library.ask("readFines")
    assert reply.body["cents"] >= 5
    assert library.ask("readFines") == reply


def test_changing_an_answer_does_not_change_the_next(library: Any) -> None:
    library.ask("readStatus").body["isOpen"] = "changed"
    assert library.ask("readStatus").body["isOpen"] is True


def test_a_success_without_content_is_answered_without_a_body(library: Any) -> None:
    reply = library.ask("ping")
    assert (reply.status, reply.body) == (202, MISSING)


def test_what_cannot_be_answered_is_501_in_the_mocks_own_name(library: Any) -> None:
    reply = library.choices["readCover"].behaviour(library.call("readCover"))
    assert (reply.status, reply.is_own) == (501, True)
    assert reply.content_type == "application/problem+json"
    assert reply.headers == (("X-Understudy-Error", "not-modelled"),)
    assert "GET /v1/cover" in reply.body["detail"]


def test_a_default_answer_is_a_success_where_no_other_is_documented(new_library: Any) -> None:
    schema = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}
    answers = {
        "400": {"description": "bad"},
        "default": {"description": "all", "content": {"application/json": {"schema": schema}}},
    }
    paths = {"/n": {"get": {"operationId": "n", "responses": answers}}}
    made = new_library({"openapi": "3.0.3", "paths": paths})
    reply = made.ask("n")
    assert reply.status == 200
    assert reply.body.keys() == {"n"}


def test_an_answer_documented_without_a_schema_is_its_example(new_library: Any) -> None:
    content = {"application/json": {"example": [1, 2]}}
    answers = {"2XX": {"description": "all", "content": content}}
    paths = {"/n": {"get": {"operationId": "n", "responses": answers}}}
    made = new_library({"openapi": "3.0.3", "paths": paths})
    assert made.choices["n"].behaviour(made.call("n")).body == [1, 2]
