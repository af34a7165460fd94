"""A first look tells a wrong address or key from an API with faults."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from contracts.actors import Actors
from contracts.door.http import Http
from contracts.door.safety import Rules, Safety
from contracts.door.stub import BUNDLED_ACTORS, BUNDLED_BINDINGS
from contracts.door.targets import Target, open_http
from contracts.exchange import Request, Response
from contracts.probe import probe
from contracts.stops import RunStopped, Unreachable
from contracts.suites.session import Bench
from contracts.yardstick import Yardstick
from tests.contracts.conftest import MakeBench
from tests.contracts.http_servers import (
    Answer,
    Served,
    dropped,
    free_port,
    said,
    said_json,
    serving,
    silent,
)

Meet = Callable[[str], Bench]


@pytest.fixture
def meet(yardstick: Yardstick) -> Iterator[Meet]:
    """A bench on a URL."""
    opened: list[Target] = []

    def bench_at(url: str) -> Bench:
        transport = Http(url, timeout_s=0.1, sleep=lambda span_s: None)
        target = Target(transport, yardstick, safety=Safety(Rules(), yardstick.operations))
        opened.append(target)
        return Bench(
            target,
            yardstick,
            Actors(BUNDLED_ACTORS, yardstick.schemes),
            bindings=dict(BUNDLED_BINDINGS),
        )

    yield bench_at
    for target in opened:
        target.close()


def told(meet: Meet, *answers: Answer) -> tuple[str, Served]:
    """What the probe says of a server."""
    with serving(*answers) as server, pytest.raises(RunStopped) as caught:
        probe(meet(server.url))
    return str(caught.value), server


def test_the_healthy_stub_is_met_with_one_request(bench: Bench) -> None:
    probe(bench)
    assert [one.label for one in bench.target.exchanges] == ["GET /v2/me"]
    assert bench.target.exchanges[0].case == "probe"


def test_an_address_at_which_nothing_listens_is_unreachable(meet: Meet) -> None:
    with pytest.raises(Unreachable, match="nothing listens"):
        probe(meet(f"http://127.0.0.1:{free_port()}"))


@pytest.mark.parametrize("answer", [silent, dropped])
def test_a_server_that_does_not_answer_is_unreachable(meet: Meet, answer: Answer) -> None:
    with serving(answer) as server, pytest.raises(Unreachable, match="does not answer"):
        probe(meet(server.url))


def test_a_refused_key_is_told_without_the_key(meet: Meet) -> None:
    text, _ = told(meet, said_json(401, {"status": "error"}))
    assert "the key of owner was refused (401 at GET /v2/me): has it expired" in text
    assert "cal_test" not in text


def test_without_an_owner_a_refusal_is_expected(meet: Meet) -> None:
    with serving(said_json(401, {"status": "error"})) as server:
        probe(replace(meet(server.url), actors=Actors([], {})))
    assert server.received[0].header("authorization") is None


@pytest.mark.parametrize("status", [200, 404, 503])
def test_a_web_page_is_told(meet: Meet, status: int) -> None:
    page = said(status, b"<!DOCTYPE html><html>hello</html>", kind="text/html; charset=utf-8")
    text, _ = told(meet, page)
    assert f"answers with a web page (HTML, {status})" in text


def test_a_redirect_is_told_with_where_it_leads(meet: Meet) -> None:
    text, server = told(meet, said(301, Location="https://www.example.test/v2/me"))
    assert "is redirected to https://www.example.test/v2/me (301)" in text
    assert len(server.received) <= 3


def test_another_api_is_told(meet: Meet) -> None:
    text, _ = told(meet, said_json(404, {"detail": "Not Found"}))
    assert "is documented and not there (404): this is not the API of the document" in text
    assert "\n" not in text


def test_what_is_no_json_is_told(meet: Meet) -> None:
    text, _ = told(meet, said(200, b"OK", kind="text/plain"))
    assert "no JSON (text/plain)" in text


@pytest.mark.parametrize(
    "answer",
    [
        said_json(500, {"status": "error"}),
        said_json(200, []),
        said_json(200, None),
        said_json(200, {"wrong": "schema"}),
        said(200, b'{"right": 1}', kind="text/plain"),
        said_json(400, {"status": "error"}),
        said(200, b""),
    ],
)
def test_faults_are_left_for_the_suites_to_find(meet: Meet, answer: Answer) -> None:
    with serving(answer) as server:
        probe(meet(server.url))
    assert len(server.received) == 1


def test_one_faulty_operation_does_not_send_a_target_away(make_bench: MakeBench) -> None:
    statuses = [401, 404, 302, 200]

    def change(request: Request, on: Callable[[Request], Response]) -> Response:
        if request.path == "/v2/me":
            return Response(statuses.pop(), (), b"<html>")
        return on(request)

    bench = make_bench(change=change)
    while statuses:
        probe(bench)
    assert len(bench.target.exchanges) == 8


def test_a_door_that_keeps_every_reader_back_is_no_reason_to_stop(yardstick: Yardstick) -> None:
    with serving(said_json(404, {})) as server:
        target = open_http(server.url, yardstick, rules=Rules(deny=("GET *",)))
        probe(Bench(target, yardstick, Actors(BUNDLED_ACTORS, yardstick.schemes)))
        target.close()
    assert server.received == []


def test_a_sentence_holds_no_body(meet: Meet) -> None:
    text, _ = told(meet, said(404, json.dumps({"secret": "canary"}).encode()))
    assert "canary" not in text
