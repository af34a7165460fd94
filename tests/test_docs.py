"""What the pages say of settings, routes, quirks, tasks, rooms and gaps is what the program has."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from starlette.testclient import TestClient

from contracts.cli import main as contracts
from contracts.settings import SETTINGS as CONTRACT_SETTINGS
from mockserver import Settings, create_app
from mockserver.cli import main
from mockserver.faults import FAULTS
from mockserver.openapi import load_quirks
from mockserver.pytest_plugin import MockApi
from mockserver.setting_table import SettingTable
from mockserver.settings import SETTINGS

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "mockserver"
README = (ROOT / "README.md").read_text("utf-8")
HOUSE = (ROOT / "docs" / "house.md").read_text("utf-8")
GAPS = (ROOT / "docs" / "not-modelled.md").read_text("utf-8")
FAULT_PAGE = (ROOT / "docs" / "faults.md").read_text("utf-8")
QUIRKS = (ROOT / "docs" / "quirks.md").read_text("utf-8")
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
LINKS = "/v2/event-types/101/private-links"


def table(names: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table, as the pages have it."""
    names = list(names)
    lines = [names, ["---"] * len(names), *(list(row) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def rows_after(page: str, heading: str) -> list[list[str]]:
    """The rows of the table whose first column has this heading."""
    found = re.search(rf"^\| {heading} ?\|.*\n\| --- .*\n((?:\|.*\n)+)", page, re.MULTILINE)
    assert found is not None, heading
    return [row.strip("| ").split(" | ") for row in found[1].splitlines()]


def without_marks(text: str) -> str:
    return text.replace("|", r"\|")


def expected_settings(settings: SettingTable[Any]) -> str:
    rows = [
        (
            f"`{row.flag}{without_marks(' ' + row.kind.metavar) if row.kind.metavar else ''}`",
            f"`{row.environment}`",
            row.default or "",
            row.help,
        )
        for row in settings.rows
    ]
    return table(("Flag", "Environment", "Default", ""), rows)


def expected_admin_routes() -> str:
    document = yaml.safe_load((PACKAGE / "web/admin/openapi.yaml").read_text("utf-8"))
    rows = [
        (f"`{method.upper()} {path}`", operation["summary"])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method != "parameters"
    ]
    return table(("Route", ""), rows)


def expected_commands() -> str:
    rows = [
        (f"`{program.name} {name}`", command.get_short_help_str(200))
        for program in (main, contracts)
        for name, command in leaves(program)
    ]
    return table(("Command", ""), rows)


def leaves(group: click.Group, prefix: str = "") -> Iterable[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, f"{prefix}{name} ")
        else:
            yield prefix + name, command


def expected_quirks() -> str:
    rows = [
        (
            f"`{quirk.name}`{'' if quirk.in_observed else ' (by name only)'}",
            without_marks(quirk.documented),
            without_marks(quirk.observed),
            without_marks(quirk.evidence),
        )
        for quirk in load_quirks(ROOT / "spec" / "quirks.yaml").by_name.values()
    ]
    return table(("Quirk", "Documented", "Observed", "Evidence"), rows)


def expected_faults() -> str:
    rows = [
        (
            f"`{fault.name}`",
            fault.category,
            without_marks(fault.about),
            ", ".join(f"`{name}={number:g}`" for name, number in fault.defaults.items()),
        )
        for fault in FAULTS.values()
    ]
    return table(("Fault", "Category", "An observer sees", "Parameters"), rows)


@pytest.mark.parametrize("settings", [SETTINGS, CONTRACT_SETTINGS], ids=["mock", "contracts"])
def test_the_table_of_settings_is_the_program_s(settings: SettingTable[Any]) -> None:
    assert expected_settings(settings) in README


def test_the_table_of_admin_routes_is_the_program_s() -> None:
    assert expected_admin_routes() in README


def test_the_table_of_commands_is_the_program_s() -> None:
    assert expected_commands() in README


def test_the_table_of_quirks_is_the_program_s() -> None:
    assert QUIRKS.endswith(expected_quirks())


def test_the_table_of_faults_is_the_program_s() -> None:
    assert FAULT_PAGE.endswith(expected_faults()), f"docs/faults.md ends with\n{expected_faults()}"


def test_the_tasks_that_the_pages_name_exist() -> None:
    pages = [path.read_text("utf-8") for path in (ROOT / "README.md", *ROOT.glob("docs/*.md"))]
    named = {name for page in pages for name in re.findall(r"`make ([a-z]+)", page)}
    tasks = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert named >= {"check", "serve"}
    assert named <= set(tasks)


def test_the_pages_link_to_pages_that_exist() -> None:
    for page in (ROOT / "README.md", *ROOT.glob("docs/*.md")):
        text = page.read_text("utf-8")
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", text):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_places_that_the_pages_name_exist() -> None:
    for page in (ROOT / "README.md", *ROOT.glob("docs/*.md")):
        text = page.read_text("utf-8")
        for place in re.findall(r"`((?:mockserver|contracts|spec|tests|docs)/[\w./*-]*)`", text):
            assert list(ROOT.glob(place.rstrip("/"))), f"{page.name}: {place}"


def test_the_rooms_stand_above_each_other_as_told() -> None:
    told = [re.findall(r"`(\w+)`", row[0]) for row in rows_after(HOUSE, "Rooms")]
    layers = next(one["layers"] for one in LINTER["contracts"] if one["type"] == "layers")
    assert told == [layer.replace("mockserver.", "").split(" | ") for layer in layers]


def test_every_module_has_its_line_in_the_house() -> None:
    rows = [*rows_after(HOUSE, "Rooms"), *rows_after(HOUSE, "Module")]
    told = sorted(name for row in rows for name in re.findall(r"`(\w+)`", row[0]))
    files = [
        path
        for path in PACKAGE.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    ]
    assert told == sorted(path.stem for path in files if not path.stem.startswith("__"))


def test_every_module_of_the_kit_has_its_line_in_the_house() -> None:
    told = [
        name for row in rows_after(HOUSE, "Of the kit") for name in re.findall(r"`(\w+)`", row[0])
    ]
    files = [
        path
        for path in (ROOT / "contracts").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    ]
    assert sorted(told) == sorted(path.stem for path in files if not path.stem.startswith("__"))


def test_every_other_contract_between_rooms_is_told() -> None:
    told = re.findall(r"(?m)^\* (.*)$", HOUSE)
    names = [one["name"] for one in LINTER["contracts"] if one["type"] != "layers"]
    assert told == names


# ---------------------------------------------------------------- what is not modelled


def headers_of(mock: MockApi, version: str | None = "2024-06-14") -> dict[str, str]:
    return mock.headers("demo", **({"cal_api_version": version} if version else {}))


def get(mock: MockApi, path: str, version: str | None = "2024-06-14") -> Any:
    return mock.client.get(path, headers=headers_of(mock, version))


def create(mock: MockApi, **settings: Any) -> Any:
    body = {"title": "Tried", "slug": "tried", "lengthInMinutes": 30, **settings}
    return mock.client.post("/v2/event-types", json=body, headers=headers_of(mock))


def message(answer: Any) -> str:
    return str(answer.json()["error"]["message"])


def is_not_modelled(answer: Any) -> bool:
    return (answer.status_code, answer.headers.get("X-Understudy-Error")) == (501, "not-modelled")


def is_no_path(mock: MockApi, path: str) -> bool:
    answer = get(mock, path)
    return (answer.status_code, message(answer)) == (404, f"Cannot GET {path}")


def old_forms(mock: MockApi) -> None:
    for version in ("2024-04-15", "2024-06-11"):
        assert is_not_modelled(get(mock, "/v2/event-types/101", version))


def missing_version(mock: MockApi) -> None:
    mock.client.patch("/__admin/deviations", json={"on": ["version-header-optional"]})
    assert is_not_modelled(get(mock, "/v2/event-types/101", None))


def teams_alone(mock: MockApi) -> None:
    assert is_no_path(mock, "/v2/teams/102/event-types")


def other_paths(mock: MockApi) -> None:
    for name in ("bookings", "slots", "schedules", "calendars", "webhooks"):
        assert is_no_path(mock, f"/v2/{name}")


def bookings(mock: MockApi) -> None:
    use = "/__admin/actions/use-private-link"
    used = mock.client.post(use, json={"linkId": "demoCountedLastUse1111"})
    assert used.json()["result"]["usageCount"] == 5
    for link in ("demoCountedLastUse1111", "demoDatedEnded11111111"):
        assert mock.client.post(use, json={"linkId": link}).status_code == 409


def people(mock: MockApi) -> None:
    state = mock.client.get("/__admin/state").json()
    state["collections"]["users"]["101"]["name"] = "Somebody Else"
    mock.client.put("/__admin/state", json=state)
    assert get(mock, "/v2/me").json()["data"]["name"] == "Somebody Else"
    routes = mock.client.get("/__admin/routes").json()["routes"]
    changed = {route["path"] for route in routes if route["method"] != "GET"}
    assert all("event-types" in path for path in changed)


def availability(mock: MockApi) -> None:
    assert set(mock.state.find("schedules")[0]) == {"id", "ownerId", "name", "timeZone"}


def calendars(mock: MockApi) -> None:
    wanted = {"integration": "google_calendar", "externalId": "demo@example.test"}
    assert create(mock, destinationCalendar=wanted).status_code == 201
    other = create(mock, slug="other", destinationCalendar={**wanted, "externalId": "x@y.test"})
    assert "Calendar does not exist" in message(other)


def apps(mock: MockApi) -> None:
    def at(app: str) -> Any:
        return create(mock, locations=[{"type": "integration", "integration": app}])

    assert at("zoom").status_code == 201
    assert "not connected" in message(at("webex-video"))


def payments(mock: MockApi) -> None:
    made = create(mock, price=500, currency="eur").json()["data"]
    assert (made["price"], made["currency"]) == (0, "usd")


def keys(mock: MockApi) -> None:
    assert mock.state.get("api-keys", "cal_test_demo") is not None


def tokens(mock: MockApi) -> None:
    ended = {"cal-test-managed-expired": 498, "cal-test-oauth-expired": 401}
    for token, status in {"cal-test-managed": 200, **ended}.items():
        answer = mock.client.get("/v2/me", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == status, token


def managed_users(mock: MockApi) -> None:
    token = mock.state.get("access-tokens", "cal-test-managed")
    assert token is not None
    assert mock.state.get("users", str(token["userId"])) is not None


def cookies(mock: MockApi) -> None:
    cookie = {"Cookie": "next-auth.session-token=anything"}
    assert mock.client.get("/v2/me", headers=cookie).status_code == 401


def limits(mock: MockApi) -> None:
    assert [get(mock, "/v2/me").status_code for _ in range(121)][-1] == 200
    with TestClient(create_app(Settings(rate_limit=True))) as client:
        headers = mock.headers("demo")
        answers = [client.get("/v2/me", headers=headers).status_code for _ in range(121)]
    assert answers[119:] == [200, 429]


def decisions(mock: MockApi) -> None:
    path = "/v2/organizations/101/teams/102/event-types/120"
    before = mock.client.get(path, headers=mock.headers("lena")).status_code
    for key in ("102-101", "102-102"):
        mock.state.delete("memberships", key)
    assert (before, mock.client.get(path, headers=mock.headers("lena")).status_code) == (200, 403)


def ids(mock: MockApi) -> None:
    mock.clock.freeze()
    headers = headers_of(mock, "2024-09-04")
    made = [mock.client.post(LINKS, json={"maxUsageCount": 1}, headers=headers) for _ in "ab"]
    told = {answer.json()["data"]["linkId"] for answer in made}
    assert len(told) == 2
    assert all(re.fullmatch("[1-9a-km-zA-HJ-NP-Z]{22}", name) for name in told)


def parser(mock: MockApi) -> None:
    headers = {**headers_of(mock, "2024-09-04"), "Content-Type": "application/json"}
    refused = mock.client.post(LINKS, content='{"maxUsageCount": 1,', headers=headers)
    assert refused.status_code == 400
    assert "line 1 column" in message(refused)


def order(mock: MockApi) -> None:
    headers = headers_of(mock, "2024-09-04")
    first = mock.client.get(LINKS, headers=headers).json()["data"][0]["linkId"]
    mock.client.patch(f"{LINKS}/{first}", json={"maxUsageCount": 9}, headers=headers)
    assert mock.client.get(LINKS, headers=headers).json()["data"][0]["linkId"] == first


def nothing_to_try(mock: MockApi) -> None:
    """Nothing is sent to anybody: there is nothing that could send."""


TRIALS: Mapping[str, Callable[[MockApi], None]] = {
    "event types in the form": old_forms,
    "a missing `cal-api-version`": missing_version,
    "event types of teams without": teams_alone,
    "bookings, slots, schedules": other_paths,
    "a booking through": bookings,
    "users, teams, memberships": people,
    "availability in schedules": availability,
    "connected calendars": calendars,
    "video and other apps": apps,
    "payments": payments,
    "e-mail, workflows": nothing_to_try,
    "making, hashing": keys,
    "the OAuth dance": tokens,
    "managed users": managed_users,
    "the web application's session": cookies,
    "limits that single keys": limits,
    "guards that remember": decisions,
    "ids of links": ids,
    "the JSON parser's text": parser,
    "the database's order": order,
}
"""By how a line of docs/not-modelled.md begins."""


def test_every_gap_has_a_trial() -> None:
    told = [row[0] for row in rows_after(GAPS, "Of the API")]
    assert len(told) == len(TRIALS)
    assert all(line.startswith(name) for line, name in zip(told, TRIALS, strict=True))


@pytest.mark.parametrize("name", TRIALS)
def test_a_gap_is_answered_as_told(name: str, mock_api: MockApi) -> None:
    TRIALS[name](mock_api)


# ---------------------------------------------------------------- how far the kit can be trusted


def test_the_numbers_of_found_faults_are_those_that_were_measured() -> None:
    measured = (ROOT / "benchmarks" / "KILLS.md").read_text("utf-8")
    found = re.search(r"^\| category \|.*\n(?:\|.*\n)+", measured, re.MULTILINE)
    assert found is not None
    assert found[0] in README


def test_the_page_tells_how_many_faults_and_quirks_there_are() -> None:
    quirks = load_quirks(ROOT / "spec" / "quirks.yaml").by_name
    assert f"{len(FAULTS)} faults and {len(quirks)} quirks" in README


# ---------------------------------------------------------------- how fast it is


def medians(page: str) -> dict[str, list[str]]:
    """The requests a second of each server on the bundled document, without their spread."""
    part = page.partition("## On the bundled document")[2].partition("p50 and p99")[0]
    rows = rows_after(part, "")
    return {name: [re.sub(r" \(.*", "", cell) for cell in cells] for name, *cells in rows}


def test_the_speeds_are_those_that_were_measured() -> None:
    measured = medians((ROOT / "benchmarks" / "RESULTS.md").read_text("utf-8"))
    shown = rows_after(README, "requests a second")
    assert len(measured) > 5
    assert shown == [[name, *cells] for name, cells in measured.items()]


def test_the_memory_is_that_which_was_measured() -> None:
    page = (ROOT / "benchmarks" / "RESULTS.md").read_text("utf-8")
    after = re.search(r"\| memory after 100,000 requests \|.*?\| (\d+) MB", page)
    again = re.search(r"\| memory after another 100,000 \|.*?\| (\d+) MB", page)
    assert after is not None
    assert again is not None
    assert f"The mock takes {after[1]} MB after 100 000 requests" in README
    assert after[1] == again[1]
