"""The documents that the servers of the benchmark are given."""

from typing import Any

import pytest
from openapi_spec_validator import validate

from benchmarks.bench.documents import nullable, plain, reduced, with_answers
from benchmarks.bench.scenarios import GET_LIST, POST, REFUSED
from benchmarks.bench.world import TEMPLATES, Answer
from mockserver.app import create_app

LISTED = {"status": "success", "data": []}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app().document("effective")


@pytest.fixture
def answers() -> list[Answer]:
    def answer(step: Any, status: int) -> Answer:
        return Answer(step, status, {}, LISTED)

    return [
        answer(GET_LIST.steps[0], 200),
        answer(POST.steps[0], 201),
        answer(REFUSED.steps[0], 400),
    ]


def test_the_reduced_document_is_whole(document: dict[str, Any], answers: list[Answer]) -> None:
    small = reduced(document, answers)
    validate(small)
    assert len(small["components"]["schemas"]) < len(document["components"]["schemas"])


def test_answers_become_the_only_examples_but_refusals(
    document: dict[str, Any], answers: list[Answer]
) -> None:
    item = with_answers(document, answers)["paths"][TEMPLATES[2]]
    assert item["get"]["responses"]["200"]["content"]["application/json"]["example"] == LISTED
    created = with_answers(document, answers)["paths"][TEMPLATES[0]]["post"]
    assert "example" not in created["responses"]["201"]["content"]["application/json"]


@pytest.mark.parametrize("changed", [plain, nullable])
def test_documents_for_one_server_leave_the_others_alone(
    changed: Any, document: dict[str, Any], answers: list[Answer]
) -> None:
    before = str(document)
    validate(changed(document))
    assert str(document) == before
