"""What a run opens, and what it leaves behind where it cannot begin."""

from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from contracts.door.stalls import StallMeter
from contracts.exchange import Request
from contracts.opening import Opened, given_actors, opened_run
from contracts.settings import Settings
from contracts.stops import RunStopped, Unreachable
from mockserver.errors import SetupError
from mockserver.model import Json
from tests.contracts.built_once import build_once
from tests.contracts.http_servers import Answer, free_port, said, said_json, serving

KEY = {"OWNER": "cal_test_demo"}
ME: Json = {"status": "success", "data": {}}


def open_live(answer: Answer, **settings: object) -> list[str]:
    """The files that stand in this folder while a live run is open."""
    with serving(answer) as server:
        given = Settings(target=server.url, **settings)  # type: ignore[arg-type]
        with opened_run(given, KEY) as opened:
            assert opened.bench.target.name == server.url
            return [path.name for path in Path.cwd().iterdir()]


@pytest.fixture(autouse=True)
def _empty_folder_and_quick_stubs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    build_once(monkeypatch)


def left_over() -> list[Path]:
    return list(Path.cwd().iterdir())


def test_the_stub_has_everybody_and_no_file() -> None:
    with opened_run(Settings(), {}) as opened:
        assert all(name in opened.bench.actors for name in ("owner", "other", "admin", "member"))
        assert opened.bench.bindings == {"orgId": "101", "teamId": "102"}
        assert opened.ledger.path is None
        assert opened.run_id == "seed1"
    assert not left_over()


def test_a_run_that_only_reads_keeps_no_ledger() -> None:
    assert open_live(said_json(200, ME)) == []


def test_a_run_that_writes_has_its_ledger_and_takes_the_empty_one_away() -> None:
    [name] = open_live(said_json(200, ME), allow_writes=True, run_id="abc")
    assert name == "understudy-ledger-abc.jsonl"
    assert not left_over()


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (said(200, b"<!doctype html><html>", kind="text/html"), "web page"),
        (said_json(404, {}), "documented and not there"),
        (said_json(401, {}), "the key of owner was refused"),
        (said(302, b"", Location="http://elsewhere.test/"), "redirects are not followed"),
        (said(200, b"hello", kind="text/plain"), "no JSON"),
    ],
)
def test_what_is_not_this_api_is_told_and_nothing_is_left(answer: Answer, told: str) -> None:
    with pytest.raises(RunStopped, match=told):
        open_live(answer, actors=(("owner", "OWNER"),), allow_writes=True)
    assert not left_over()


def test_a_refused_port_is_told_and_nothing_is_left() -> None:
    target = f"http://127.0.0.1:{free_port()}"
    with (
        pytest.raises(Unreachable, match="nothing listens at"),
        opened_run(Settings(target=target, allow_writes=True), {}),
    ):
        pass
    assert not left_over()


def test_a_mock_that_cannot_be_controlled_is_wrong_use() -> None:
    with pytest.raises(SetupError, match="leave out --control"):
        open_live(said_json(404, {}), control=True)


def test_an_unknown_operation_in_a_list_is_wrong_use_and_nothing_is_left() -> None:
    with pytest.raises(SetupError, match="--allow: the document has no such operation"):
        open_live(said_json(200, ME), allow=("GET /nothing",), allow_writes=True)
    assert not left_over()


def test_a_variable_that_is_not_set_is_named() -> None:
    with pytest.raises(SetupError, match="the environment has no MY_KEY;"):
        given_actors(Settings(actors=(("owner", "MY_KEY"),)), {})


def test_a_key_in_the_place_of_its_variable_is_not_repeated() -> None:
    with pytest.raises(SetupError) as raised:
        given_actors(Settings(actors=(("owner", "cal_live_5ecret"),)), {})
    assert "never the key itself" in str(raised.value)
    assert "5ecret" not in str(raised.value)


def test_what_cannot_be_a_variable_is_not_repeated_either() -> None:
    with pytest.raises(SetupError) as raised:
        Settings(actors=(("owner", "cal-live-5ecret"),))
    assert "5ecret" not in str(raised.value)


def rehearsed(**settings: object) -> Opened:
    given = Settings(target="http://api.test", **settings)  # type: ignore[arg-type]
    with opened_run(given, {**KEY, "OTHER": "x"}, is_rehearsal=True) as opened:
        return opened


def test_a_rehearsal_has_the_actors_that_the_run_has() -> None:
    opened = rehearsed(actors=(("owner", "OWNER"),))
    assert "owner" in opened.bench.actors
    assert "other" not in opened.bench.actors


def test_a_rehearsal_knows_no_more_paths_than_the_run_and_those_as_they_are_on_the_stub() -> None:
    assert rehearsed().bench.bindings == {}
    assert rehearsed(path=(("orgId", "77"),)).bench.bindings == {"orgId": "101"}


def test_a_rehearsal_holds_to_the_rules_of_the_run() -> None:
    rules = rehearsed().rules
    assert (rules.allow_writes, rules.only_declared, rules.only_own) == (False, True, True)


def test_a_rehearsal_waits_without_taking_time() -> None:
    target = rehearsed().bench.target
    assert not target.can_move_time


def test_an_answer_slower_than_the_settings_allow_is_a_finding_of_the_run() -> None:
    with opened_run(Settings(slow_after=2.0), {}) as opened:
        exchange = replace(opened.bench.target.send(Request("GET", "/v2/me")), duration_s=2.5)
        found = (check(exchange, opened.bench.yardstick) for check in opened.bench.checks)
        assert "slow-answer" in [finding.rule for findings in found for finding in findings]


def test_an_exchange_tells_how_long_this_machine_stood_still(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spans_s = count(0.0, 0.25)
    monkeypatch.setattr(StallMeter, "stalled_s", lambda meter: next(spans_s))
    with opened_run(Settings(), {}) as opened:
        assert opened.bench.target.send(Request("GET", "/v2/me")).stalled_s == 0.25
