"""What a mock tells of its requests: metrics and lines on stderr, and nothing unless asked."""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from mockserver.app import App, create_app
from mockserver.settings import Settings
from mockserver.web.log_lines import RequestLog, log_formatter
from mockserver.web.observers import Answered

NOW = datetime(2030, 1, 1, tzinfo=UTC)
LINKS = "/v2/event-types/101/private-links"
HEADERS = {"Authorization": "Bearer cal_test_demo", "cal-api-version": "2024-09-04"}
CREATE = "EventTypesPrivateLinksController_2024_09_04_createPrivateLink"


def client_of(app: App) -> TestClient:
    client = TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000))
    client.headers.update(HEADERS)
    return client


def samples(client: TestClient) -> Mapping[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels, in the order of their names."""
    answer = client.get("/__admin/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.fixture(scope="module")
def counting() -> Mapping[tuple[str, ...], float]:
    """What a mock has counted after seven requests."""
    client = client_of(create_app(Settings(metrics=True)))
    client.get("/v2/me")
    client.head("/v2/me")
    client.post(LINKS, json={"maxUsageCount": 2})
    client.post(LINKS, json={"maxUsageCount": "two"})
    client.post(LINKS, content=b"{")
    client.get("/v2/nothing")
    with pytest.raises(AssertionError, match="did not receive any response"):
        client.get("/v2/me", headers={"Prefer": "deviation=connection-dropped"})
    client.get("/__admin/health")
    client.get("/__docs")
    return samples(client)


@pytest.mark.parametrize(
    ("labels", "count"),
    [
        (("GET", "MeController_getMe", "2xx"), 1),
        (("HEAD", "MeController_getMe", "2xx"), 1),
        (("GET", "MeController_getMe", "unanswered"), 1),
        (("POST", CREATE, "2xx"), 1),
        (("POST", CREATE, "4xx"), 2),
        (("GET", "(none)", "4xx"), 1),
    ],
)
def test_requests_are_counted_by_operation_method_and_class(
    counting: Mapping[tuple[str, ...], float], labels: tuple[str, ...], count: int
) -> None:
    assert counting["understudy_requests_total", *labels] == count


def test_nothing_else_is_counted(counting: Mapping[tuple[str, ...], float]) -> None:
    assert sum(n for key, n in counting.items() if key[0] == "understudy_requests_total") == 7


def test_every_request_is_in_the_histogram(counting: Mapping[tuple[str, ...], float]) -> None:
    name = "understudy_request_duration_seconds"
    assert counting[f"{name}_bucket", "+Inf", "POST", CREATE] == 3
    assert counting[f"{name}_count", "POST", CREATE] == 3
    assert 0 < counting[f"{name}_sum", "POST", CREATE] < 3


def test_a_body_that_breaks_the_document_is_an_invalid_request(
    counting: Mapping[tuple[str, ...], float],
) -> None:
    assert counting["understudy_invalid_requests_total", "POST", CREATE] == 1
    assert counting["understudy_invalid_answers_total", "POST", CREATE] == 0


def test_the_mock_and_its_process_are_described(
    counting: Mapping[tuple[str, ...], float],
) -> None:
    names = {key[0] for key in counting}
    build = next(key for key in counting if key[0] == "understudy_build_info")
    assert {"Cal.com API v2", "documented"} <= set(build)
    assert counting["understudy_processes",] == 1
    assert counting["understudy_journal_requests",] == 7
    assert names >= {"understudy_journal_bytes", "understudy_start_time_seconds"}
    assert "understudy_store_seconds_count" not in names


def test_an_answer_that_breaks_the_document_is_counted() -> None:
    app = create_app(Settings(metrics=True))
    me = app.store.get("users", "1")
    assert me is not None
    app.store.replace("users", "1", {**me, "email": 7})
    client = client_of(app)
    statuses = {
        client.get("/v2/me", headers={"Authorization": f"Bearer {key}"}).status_code
        for key in [account.key for account in app.accounts()]
    }
    assert 500 in statuses
    assert samples(client)["understudy_invalid_answers_total", "GET", "MeController_getMe"] >= 1


def test_the_time_of_a_database_is_counted(tmp_path: Path) -> None:
    app = create_app(Settings(metrics=True, store=f"sqlite:///{tmp_path / 'a.db'}"))
    client = client_of(app)
    client.post(LINKS, json={"maxUsageCount": 2})
    counted = samples(client)
    app.close()
    assert counted["understudy_store_seconds_count",] >= 4
    total_s = counted["understudy_request_duration_seconds_sum", "POST", CREATE]
    assert 0 < counted["understudy_store_seconds_sum",] < total_s


def test_a_scrape_of_a_mock_that_does_not_count_tells_how_to_turn_it_on() -> None:
    answer = client_of(create_app(Settings())).get("/__admin/metrics")
    assert answer.status_code == 409
    assert "--metrics" in answer.json()["detail"]


@cache
def mock_that_logs(form: str) -> TestClient:
    return client_of(create_app(Settings(request_log=True, log_format=form)))


def logged(capsys: pytest.CaptureFixture[str], form: str, path: str = "/v2/me") -> Any:
    """The answer to one request, and the lines that were written of it."""
    client = mock_that_logs(form)
    capsys.readouterr()
    answer = client.get(path)
    return answer, capsys.readouterr().err.splitlines()


def test_a_line_of_json_tells_of_a_request(capsys: pytest.CaptureFixture[str]) -> None:
    answer, (line,) = logged(capsys, "json")
    told = json.loads(line)
    assert told.pop("time").endswith("Z")
    assert 0 < told.pop("durationMs") < 5000
    assert told == {
        "level": "info",
        "logger": "mockserver.requests",
        "requestId": answer.headers["x-request-id"],
        "method": "GET",
        "path": "/v2/me",
        "operation": "MeController_getMe",
        "status": 200,
        "actor": "demo",
        "requestBytes": 0,
        "responseBytes": len(answer.content),
    }


def test_a_line_of_text_tells_of_a_request(capsys: pytest.CaptureFixture[str]) -> None:
    answer, (line,) = logged(capsys, "text")
    assert line.startswith("INFO mockserver.requests: 2")
    assert " GET /v2/me 200 " in line
    assert line.endswith(answer.headers["x-request-id"])


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_credential_is_written(capsys: pytest.CaptureFixture[str], form: str) -> None:
    path = "/v2/cal_test_demo?apiKey=geheim&a=cal_test_demo"
    _, (line,) = logged(capsys, form, path)
    assert "/v2/***?apiKey=***&a=***" in line
    assert "geheim" not in line
    assert "cal_test_demo" not in line


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_that_is_sent_forges_a_line(capsys: pytest.CaptureFixture[str], form: str) -> None:
    path, name = "/v2/\r\nINFO x\x1b[2J\x85", "ann\nINFO"
    answered = Answered(NOW, "GET", path, "", 404, 0.1, name, {}, b"", b"", b"id")
    RequestLog(form).add(answered)
    (line,) = capsys.readouterr().err.split("\n")[:-1]
    assert not {"\r", "\x1b"} & set(line)
    assert form == "json" or line.isprintable()


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_line_is_short_enough_for_a_pipe_that_processes_share(
    capsys: pytest.CaptureFixture[str], form: str
) -> None:
    _, (line,) = logged(capsys, form, f"/v2/me?a={'a' * 60_000}")
    assert len(line) < 4096
    assert "aaa..." in line


def test_nothing_is_written_unless_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    client = client_of(create_app(Settings(log_format="json")))
    capsys.readouterr()
    client.get("/v2/me")
    assert capsys.readouterr().err == ""


def test_who_reads_the_log_may_go_and_the_mock_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        tries = 0

        def write(self, text: str) -> None:
            self.tries += 1
            raise BrokenPipeError

    client = client_of(create_app(Settings(request_log=True)))
    monkeypatch.setattr(sys, "stderr", gone := Gone())
    assert [client.get("/v2/me").status_code for _ in range(2)] == [200, 200]
    assert gone.tries == 1


def test_the_log_of_the_program_can_be_json_with_its_tracebacks() -> None:
    try:
        raise ValueError("a\nb")
    except ValueError:
        record = logging.LogRecord(
            "mockserver", logging.ERROR, "", 0, "a bug in %s", ("x\ny",), sys.exc_info()
        )
    line = log_formatter("json").format(record)
    told = json.loads(line)
    assert "\n" not in line
    assert (told["level"], told["message"]) == ("error", "a bug in x\ny")
    assert "ValueError: a" in told["exception"]
    assert log_formatter("text").format(record).startswith("ERROR mockserver: a bug in x")


def test_no_credential_of_any_document_is_in_journal_or_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths: dict[str, Any] = {}
    schemes: dict[str, Any] = {"bearer": {"type": "http", "scheme": "bearer"}}
    for where in ("header", "query", "cookie", "bearer"):
        if where != "bearer":
            schemes[where] = {"type": "apiKey", "in": where, "name": "card"}
        answers = {"default": {"description": "as it may be"}}
        paths[f"/{where}"] = {"get": {"security": [{where: []}], "responses": answers}}
    file = tmp_path / "keyed.json"
    about = {"openapi": "3.0.3", "info": {"title": "Keyed", "version": "1"}, "paths": paths}
    file.write_text(json.dumps({**about, "components": {"securitySchemes": schemes}}))
    client = client_of(create_app(Settings(spec=file, request_log=True)))
    client.headers.clear()
    client.get("/header", headers={"Card": "very-secret"})
    client.get("/query?card=very-secret")
    client.get("/cookie?a=very-secret", headers={"Cookie": "card=very-secret"})
    client.get("/bearer", headers={"Authorization": "Bearer very-secret"})
    journal, log = client.get("/__admin/requests").json(), capsys.readouterr().err
    assert [one["actor"] for one in journal["requests"]] == ["api-key"] * 4
    assert "very-secret" not in f"{journal} {log}"
    assert log.count("***") == 2
