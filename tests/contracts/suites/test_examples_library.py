"""Both suites on another API, whose rules nobody knows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.actors import Actor, Actors
from contracts.checks import CHECKS
from contracts.exchange import Request, Response
from contracts.findings import Result, Verdict
from contracts.suites import auth, examples
from contracts.yardstick import Yardstick, read_yardstick
from mockserver import Settings
from tests.contracts.suites.planted import OneStub, Send, rules, run, run_all, with_json, with_key

DATA = Path(__file__).parents[2] / "data"
KEYS = """
collections:
  api-keys:
    library-key-ada: {key: library-key-ada, userId: 1, name: ada}
    library-key-noor: {key: library-key-noor, userId: 2, name: noor}
"""
OWNER = Actor("owner", "library-key-ada")
OTHER = Actor("other", "library-key-noor")
LOANS = "/v1/books/{bookId}/loans"


@pytest.fixture(scope="module")
def library() -> Yardstick:
    return read_yardstick(DATA / "library.yaml", (), "effective")


@pytest.fixture(scope="module")
def stub(library: Yardstick, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneStub]:
    keys = tmp_path_factory.mktemp("library") / "keys.yaml"
    keys.write_text(KEYS)
    fixtures = (DATA / "library-fixtures.yaml", keys)
    one = OneStub(library, Settings(spec=DATA / "library.yaml", fixtures=fixtures))
    yield one
    one.close()


@pytest.fixture
def actors(library: Yardstick) -> Actors:
    return Actors((OWNER, OTHER), library.schemes)


def wrong(results: list[Result]) -> list[str]:
    bad = (Verdict.FAILED, Verdict.BROKEN)
    return [f"{one.id}: {rules(one)} {one.reason}" for one in results if one.verdict in bad]


def test_examples_finds_nothing_wrong_with_a_healthy_library(stub: OneStub, actors: Actors) -> None:
    results = run_all(examples.cases, stub.bench(actors=actors, checks=CHECKS))
    assert wrong(results) == []
    silent = {one.rule: one.reason for one in results if one.verdict is not Verdict.PASSED}
    assert set(silent) == {"if-none-match", "id-type"}
    assert silent["if-none-match"] == "the answer has no ETag"


def test_auth_finds_nothing_wrong_and_says_what_nobody_can_know(
    stub: OneStub, actors: Actors
) -> None:
    results = run_all(auth.cases, stub.bench(actors=actors, checks=CHECKS))
    assert wrong(results) == []
    silent = {one.rule: one.reason for one in results if one.verdict is Verdict.NOT_JUDGED}
    assert set(silent) == {"expired", "foreign", "reader"}
    assert "nothing says whose things are whose" in silent["foreign"]


def test_a_body_refers_to_items_that_exist(stub: OneStub, actors: Actors) -> None:
    bench = stub.bench(actors=actors)
    assert run(examples.cases, bench, "POST /v1/books/success").verdict is Verdict.PASSED
    created = bench.target.exchanges[0]
    assert created.label == "POST /v1/authors"
    shown: Any = created.response.json
    [book] = [one for one in bench.target.exchanges if one.label == "POST /v1/books"]
    sent: Any = book.request.json
    assert sent["authorId"] == shown["id"]


def test_a_property_that_is_ruled_out_and_taken_in_is_found(stub: OneStub, actors: Actors) -> None:
    def open_to_all(request: Request, send: Send) -> Response:
        body: Any = request.json
        if isinstance(body, dict):
            kept = {key: body[key] for key in body if not key.startswith("understudy")}
            return send(with_json(request, kept))
        return send(request)

    bench = stub.bench(actors=actors, change=open_to_all)
    result = run(examples.cases, bench, "POST /v1/authors/unknown-property")
    assert rules(result) == {"unknown-property-accepted"}


def test_a_credential_without_its_scheme_is_refused_where_nothing_else_is_known(
    stub: OneStub, actors: Actors
) -> None:
    def bare(request: Request, send: Send) -> Response:
        key = request.header("authorization") or ""
        return send(with_key(request, key) if key == OWNER.secret else request)

    bench = stub.bench(actors=actors, change=bare)
    result = run(auth.cases, bench, f"GET {LOANS}/malformed-credential")
    assert rules(result) == {"malformed-credential-accepted"}
