"""The observed profile answers as a real server was recorded: status and error message.

Exchanges that differ stand in `tests/data/replay-exceptions.yaml`, each with its reason; one that
agrees after all must leave that list.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from starlette.testclient import TestClient

from mockserver.app import App, create_app
from mockserver.openapi import bundled_spec_dir
from mockserver.settings import Settings
from tests.end_to_end.recordings import (
    Recorded,
    Variables,
    message_of,
    read,
    request_parts,
    value_at,
)

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("UNDERSTUDY_RECORDINGS", ROOT.parent / "shared" / "recordings"))
EXCEPTIONS = yaml.safe_load((ROOT / "tests" / "data" / "replay-exceptions.yaml").read_text())
RECORDED_WORLD = bundled_spec_dir() / "fixtures" / "world.yaml"
FILES = ("setup", "auth", "private-links-versions", "private-links", "team-private-links")
SETUP = "setup"
WORLD = {
    "org": 1, "team": 2, "org2": 3, "team2": 4, "team3": 5, "org3": 6, "team6": 7,
    "bob_et": 1, "team2_et": 2, "team6_et": 3,
    "uid_alice": 1, "uid_bob": 2, "uid_olga": 3, "uid_tom": 4, "uid_mia": 5, "uid_nora": 6,
    "uid_ned": 7,
}  # fmt: skip

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no recordings at {FOLDER}")


def excepted() -> dict[int, str]:
    return {seq: group["reason"] for group in EXCEPTIONS for seq in group["seqs"]}


def replay(name: str) -> Iterator[tuple[Recorded, int, str | None, str | None]]:
    """Each exchange of a file with the present status, the expected and the present message."""
    app = create_app(Settings(profile="observed", fixtures=(RECORDED_WORLD,)))
    variables = Variables()
    for variable, value in WORLD.items():
        variables.learn(variable, value, value)
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        for part in dict.fromkeys((SETUP, name)):
            for recorded in read(FOLDER / f"{part}.jsonl"):
                compared = _send(app, client, recorded, variables)
                if part == name:
                    yield recorded, *compared


def _send(
    app: App, client: TestClient, recorded: Recorded, variables: Variables
) -> tuple[int, str | None, str | None]:
    app.clock.freeze(datetime.fromisoformat(recorded.sent_at))
    method, path, headers, content = request_parts(recorded.request, variables)
    answer = client.request(method, path, headers=headers, content=content)
    is_json = "json" in answer.headers.get("content-type", "")
    body = answer.json() if is_json and answer.content else None
    for variable, place in recorded.capture.items():
        there = value_at(recorded.response["body"], place)
        if answer.status_code < 300:
            variables.learn(variable, there, value_at(body, place))
        else:
            variables.learn(variable, there, there)
    expected = None if recorded.message is None else variables.translate(recorded.message)
    return answer.status_code, expected, message_of(body)


@pytest.mark.parametrize("name", FILES)
def test_the_observed_profile_answers_as_recorded(name: str) -> None:
    known = excepted()
    differing, agreeing = [], []
    for recorded, status, expected, message in replay(name):
        agrees = (status, message) == (recorded.response["status"], expected)
        if not agrees and recorded.seq not in known:
            request = recorded.request
            differing.append(
                f"{recorded.seq} {request['method']} {request['path']}: recorded "
                f"{recorded.response['status']} {expected!r}, now {status} {message!r}"
            )
        elif agrees and recorded.seq in known:
            agreeing.append(recorded.seq)
    assert not differing, "\n".join(differing)
    assert not agreeing, f"these agree and need no exception: {agreeing}"


def test_each_exception_has_a_reason_and_names_exchanges_that_exist() -> None:
    recorded = {one.seq for name in FILES for one in read(FOLDER / f"{name}.jsonl")}
    for group in EXCEPTIONS:
        assert group["reason"].strip()
        assert set(group["seqs"]) <= recorded
