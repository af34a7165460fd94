"""The suite `variants` on documents that nobody wrote for it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.actors import Actor, Actors
from contracts.door.targets import Target
from contracts.door.transports import InProcess
from contracts.exchange import Request, Response
from contracts.findings import Result, Verdict
from contracts.suites.runner import run_case
from contracts.suites.session import Bench, Options
from contracts.suites.variants import cases
from contracts.yardstick import read_yardstick
from mockserver import Settings, create_app
from mockserver.model import Document
from tests.contracts.altered import Altered, Change

DATA = Path(__file__).parents[2] / "data"
Run = Callable[..., dict[str, Result]]


@pytest.fixture
def run() -> Iterator[Run]:
    """Runs the whole suite on a stub of a document, healthy or changed; results by id."""
    opened: list[Target] = []

    def results(name: str, change: Change | None = None) -> dict[str, Result]:
        yardstick = read_yardstick(DATA / name, (), "effective")
        transport = InProcess(create_app(Settings(spec=DATA / name, fixtures=())))
        target = Target(Altered(transport, change) if change else transport, yardstick)
        opened.append(target)
        bench = Bench(target, yardstick, Actors([Actor("owner", "key")], yardstick.schemes))
        found = (run_case(bench, case) for case in cases(yardstick, Options()))
        return {result.id: result for result in found}

    yield results
    for target in opened:
        target.close()


def edited(edit: Callable[[Document], None]) -> Change:
    """Edits every animal in every answer."""

    def change(request: Request, on: Callable[[Request], Response]) -> Response:
        response = on(request)
        if response.status >= 300:
            return response
        body = response.json
        for animal in body if isinstance(body, list) else [body]:
            edit(animal)
        return replace(response, body=json.dumps(body).encode())

    return change


def found_by(results: dict[str, Result]) -> set[str]:
    return {finding.rule for result in results.values() for finding in result.findings}


@pytest.mark.parametrize("name", ["library.yaml", "zoo.yaml"])
def test_every_variant_is_seen_on_a_healthy_stub(run: Run, name: str) -> None:
    results = run(name)
    verdicts = {id: result.verdict for id, result in results.items()}
    assert set(verdicts.values()) == {Verdict.PASSED}, verdicts


def test_no_two_documents_share_the_rules_of_one(run: Run) -> None:
    assert not [id for id in run("zoo.yaml") if "link" in id]


def test_a_lost_tag_is_found_where_it_was_lost(run: Run) -> None:
    def edit(animal: Document) -> None:
        for toy in animal.get("toys", []):
            for index, knot in enumerate(toy.get("knots", [])):
                if isinstance(knot, dict):
                    toy["knots"][index] = {}

    results = run("zoo.yaml", edited(edit))
    result = results["POST /animals/request-toys-knots"]
    [finding] = [one for one in result.findings if one.rule == "oneof-none"]
    assert finding.message.startswith("`toys[0].knots[0]`")
    assert "Bow: loops is required" in finding.message


def test_a_discriminator_that_names_another_variant_is_found(run: Run) -> None:
    def edit(animal: Document) -> None:
        if animal["species"]["kind"] == "feline":
            animal["species"]["kind"] = "canine"

    result = run("zoo.yaml", edited(edit))["POST /animals/request-species"]
    [finding] = result.findings
    assert (finding.rule, finding.operation) == ("variant-changed", "POST /animals")
    assert "Cat was sent" in finding.message


def test_a_lost_discriminator_is_found_in_lists_too(run: Run) -> None:
    results = run("zoo.yaml", edited(lambda animal: animal["species"].pop("kind")))
    assert "GET /animals" in {
        finding.operation for result in results.values() for finding in result.findings
    }
    assert found_by(results) == {"oneof-none"}


def test_a_server_that_takes_anything_is_found(run: Run) -> None:
    def change(request: Request, on: Callable[[Request], Response]) -> Response:
        response = on(request)
        return replace(response, status=201, body=b"") if response.status == 400 else response

    results = run("zoo.yaml", change)
    assert found_by(results) == {"oneof-invalid-accepted"}
