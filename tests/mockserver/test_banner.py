"""What is said once a mock listens, and where that is."""

from pathlib import Path

import pytest

from mockserver.app import create_app
from mockserver.banner import banner, first_calls
from mockserver.serving import listening_socket, url_of
from mockserver.settings import Settings

URL = "http://127.0.0.1:4010"


def calls_of(folder: Path, paths: str, security: str = "") -> list[str]:
    """The first calls for a document with these *paths*."""
    spec = folder / "openapi.yaml"
    spec.write_text(
        f"openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{security}\npaths:\n{paths}"
    )
    return first_calls(create_app(Settings(spec=spec)), URL)


def operation(method: str, path: str, parameter: str = "") -> str:
    parameters = f"parameters: [{parameter}], " if parameter else ""
    return f"  {path}: {{{method}: {{{parameters}responses: {{'200': {{description: ok}}}}}}}}\n"


def test_reading_without_parameters_comes_first_and_three_are_shown(tmp_path: Path) -> None:
    book_id = "{name: id, in: path, required: true, schema: {type: integer}}"
    query = "{name: q, in: query, required: true, schema: {type: string, enum: [a b]}}"
    paths = (
        operation("post", "/a")
        + operation("get", "/books/{id}", book_id)
        + operation("get", "/search", query)
        + operation("get", "/b")
    )
    assert calls_of(tmp_path, paths) == [
        f"curl '{URL}/b'",
        f"curl '{URL}/search?q=a+b'",
        f"curl '{URL}/books/1'",
    ]


def test_where_nothing_can_be_read_something_else_is_shown(tmp_path: Path) -> None:
    assert calls_of(tmp_path, operation("delete", "/a")) == [f"curl -X DELETE '{URL}/a'"]


@pytest.mark.parametrize(
    ("scheme", "credential"),
    [
        ("{type: http, scheme: bearer}", "-H 'Authorization: Bearer any-key'"),
        ("{type: http, scheme: basic}", "-u 'any-key:'"),
        ("{type: apiKey, in: header, name: X-Key}", "-H 'X-Key: any-key'"),
    ],
)
def test_a_call_carries_the_credential_that_the_document_asks_for(
    tmp_path: Path, scheme: str, credential: str
) -> None:
    security = f"components: {{securitySchemes: {{s: {scheme}}}}}\nsecurity: [{{s: []}}]"
    assert calls_of(tmp_path, operation("get", "/a"), security) == [f"curl {credential} '{URL}/a'"]


def test_the_banner_names_title_profile_places_and_accounts() -> None:
    text = banner(create_app(), URL)
    for told in (
        "Cal.com API v2, played by understudy",
        "documented, no quirks",
        f"{URL}/__admin/health",
        f"{URL}/__docs",
        "demo           cal_test_demo           Demo Person",
    ):
        assert told in text


def test_the_banner_names_a_few_quirks_and_counts_the_rest() -> None:
    text = banner(create_app(Settings(profile="observed")), URL)
    assert " quirks on: " in text
    assert " more\n" in text
    one = banner(create_app(Settings(quirk=("event-type-empty-limits",))), URL)
    assert "1 quirk on: event-type-empty-limits\n" in one


def test_another_world_gets_calls_for_its_own_first_account() -> None:
    world = create_app().watched_paths()[-2]
    calls = first_calls(create_app(Settings(fixtures=(world,))), URL)
    alice = "-H 'Authorization: Bearer cal_test_alice'"
    version = "-H 'cal-api-version: 2024-06-14'"
    assert calls == [
        f"curl {alice} '{URL}/v2/me'",
        f"curl {alice} {version} '{URL}/v2/event-types'",
        f"curl {alice} {version} '{URL}/v2/event-types/1'",
    ]


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1")])
def test_the_address_is_one_that_clients_here_can_use(host: str, shown: str) -> None:
    with listening_socket(host, 0) as listening:
        port = listening.getsockname()[1]
        assert port > 0
        assert url_of(listening) == f"http://{shown}:{port}"


def test_planted_faults_are_shown_as_they_were_asked_for() -> None:
    shown = banner(create_app(Settings(fault=("jitter:p=0.5", "unavailable:times=2"))), URL)
    assert "  faults   2 planted: jitter:p=0.5, unavailable:times=2\n" in shown


def test_without_faults_nothing_is_said_of_them() -> None:
    assert "faults" not in banner(create_app(Settings()), URL)
