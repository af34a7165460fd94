"""A recording is sent again, and what differs is told, counted and explained."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from contracts.parity.agreement import Compared, ParityReport, tally
from contracts.parity.difference import Difference, Kind
from contracts.parity.exceptions import Accepted, Exceptions
from contracts.parity.explained import WHOLE, explained
from contracts.parity.fidelity import fidelity, write_fidelity
from contracts.parity.grouping import grouped
from contracts.parity.recorded import Recorded
from contracts.parity.recording import read_recordings
from contracts.parity.replay import Manner, Replay
from contracts.parity.running import NOW, Wish, replay, require_known
from contracts.reports.parity_json import FORMAT, parity_data
from contracts.reports.parity_text import parity_text
from contracts.settings import Settings
from mockserver.errors import SetupError
from mockserver.model import Document
from mockserver.openapi import Quirk, fidelity_of, read_fidelity
from tests.contracts.conftest import MakeBench
from tests.contracts.parity.recordings import SMALL, archive, entry, lines_of, written


def replayed(
    recorded: Sequence[Recorded], exceptions: Exceptions | None = None, at: str = "recorded"
) -> ParityReport:
    wish = Wish(
        recorded=recorded,
        given={},
        exceptions=exceptions or Exceptions(),
        is_explaining=False,
        at=at,
    )
    return replay(Settings(profile="observed"), wish, {})


@pytest.fixture(scope="module")
def healthy() -> ParityReport:
    return replayed(read_recordings([SMALL]))


def _falsified(lines: list[Document]) -> list[Document]:
    """The recording with one thing of each kind as the mock does not have it."""
    by_name = {line["name"]: line["response"] for line in lines}
    by_name["me"]["headers"].append(["Allow", "GET"])
    by_name["create a counted link"]["body"]["data"]["usageCount"] = 2
    by_name["create a dated link"]["body"]["data"]["colour"] = "red"
    by_name["list them"]["body"]["data"].reverse()  # means nothing
    by_name["broken JSON"]["body"]["error"]["message"] = "Unexpected end of JSON input"
    by_name["delete one"]["status"] = 204
    del by_name["nobody"]["body"]["error"]["details"]
    return lines


@pytest.fixture(scope="module")
def falsified(tmp_path_factory: pytest.TempPathFactory) -> ParityReport:
    path = tmp_path_factory.mktemp("falsified") / "falsified.jsonl"
    exceptions = Exceptions(
        [Accepted("a text of the parser's", frozenset({7, 8}), frozenset(), frozenset())]
    )
    return replayed(read_recordings([written(path, _falsified(lines_of(SMALL)))]), exceptions)


def test_a_recording_of_the_mock_agrees_wholly_though_its_ids_are_others(
    healthy: ParityReport,
) -> None:
    assert healthy.groups == ()
    assert (healthy.total.wholly, healthy.total.exchanges, healthy.exit_code) == (10, 10, 0)


def test_each_falsehood_is_told_where_it_is(falsified: ParityReport) -> None:
    told = {(one.first.kind, one.first.place, one.seqs) for one in falsified.groups}
    assert told == {
        (Kind.HEADER, "allow", (1,)),
        (Kind.VALUE, "/data/usageCount", (3,)),
        (Kind.SHAPE, "/data/colour", (4,)),
        (Kind.MESSAGE, "/error/message", (7,)),
        (Kind.STATUS, "", (9,)),
        (Kind.SHAPE, "/error/details", (10,)),
    }
    assert falsified.exit_code == 1


def test_agreement_is_counted_by_kind(falsified: ParityReport) -> None:
    assert falsified.total.wholly == 4
    assert falsified.total.by_kind == {
        Kind.STATUS: 9,
        Kind.MESSAGE: 8,
        Kind.SHAPE: 7,
        Kind.VALUE: 8,
        Kind.WRITING: 9,
        Kind.HEADER: 8,
    }


def test_what_is_accepted_is_not_open_and_idle_exceptions_are_told(
    falsified: ParityReport,
) -> None:
    [accepted] = falsified.accepted_groups
    assert (accepted.accepted, accepted.seqs) == ("a text of the parser's", (7,))
    assert any("need no exception: 8" in remark for remark in falsified.remarks)


def test_the_text_shows_both_sides_of_a_difference(falsified: ParityReport) -> None:
    text = parity_text(falsified, 100)
    assert "4 of 10 exchanges agree wholly with stub in process; 5 open differences" in text
    assert "value at /data/usageCount: 1 exchange (3)" in text
    assert "recorded  2" in text
    assert "now       0" in text
    assert "a text of the parser's" in text
    assert max(map(len, text.splitlines())) <= 120


def test_the_json_has_every_exchange_and_difference(falsified: ParityReport) -> None:
    data = json.loads(json.dumps(parity_data(falsified)))
    assert (data["format"], data["exitCode"]) == (FORMAT, 1)
    assert data["total"]["agreeIn"]["status"] == 9
    assert [one["seq"] for one in data["exchanges"]] == list(range(1, 11))
    [accepted] = [one for one in data["differences"] if one["accepted"]]
    assert accepted["seqs"] == [7]


def test_what_an_operation_does_is_confirmed_where_all_its_exchanges_agree(
    falsified: ParityReport, tmp_path: Path
) -> None:
    rows = fidelity(falsified.compared)
    create = "EventTypesController_2024_06_14_createEventType"
    link = "EventTypesPrivateLinksController_2024_09_04_createPrivateLink"
    assert rows[create]["confirmed"] == date(2026, 11, 21)
    assert rows[link] == {"agreeing": 0, "total": 3}
    confirmed = read_fidelity(write_fidelity(falsified.compared, tmp_path / "fidelity.yaml"))
    assert fidelity_of(create, "domain", confirmed) == "confirmed 2026-11-21"
    assert fidelity_of(link, "domain", confirmed) == "modelled"
    assert fidelity_of(link, "example", confirmed) == "documented only"


def test_the_clock_may_show_the_present_instead(tmp_path: Path) -> None:
    line = lines_of(SMALL)[-1]
    report = replayed(read_recordings([written(tmp_path / "one.jsonl", [line])]), at=NOW)
    [one] = report.compared
    assert one.exchange is not None
    assert abs((one.exchange.sent_at - datetime.now(UTC)).total_seconds()) < 60
    assert one.agrees, one.differences


def test_an_archive_is_sent_with_the_ids_that_the_answers_show(tmp_path: Path) -> None:
    """The entries are of the mock itself, but for the id, which another server gave."""
    lines = lines_of(SMALL)[1:3]
    entries = [
        entry(
            line["request"]["method"],
            line["request"]["path"],
            status=line["response"]["status"],
            headers={**line["request"]["headers"], "Authorization": "Bearer their-own"},
            body=json.dumps(line["request"]["body"]),
            answer=json.dumps(line["response"]["body"]),
            at=line["sent_at"],
        )
        for line in lines
    ]
    for held, line in zip(entries, lines, strict=True):
        pairs = line["response"]["headers"]
        held["response"]["headers"] = [{"name": name, "value": value} for name, value in pairs]
        held["_actor"] = "alice"
    recorded = read_recordings([archive(tmp_path, *entries)])
    wish = Wish(recorded=recorded, given={}, exceptions=Exceptions(), is_explaining=False)
    settings = Settings(profile="observed", actors=(("alice", "ALICE_KEY"),))
    report = replay(settings, wish, {"ALICE_KEY": "cal_test_alice"})
    create, link = report.compared
    assert create.agrees, create.differences
    assert link.agrees, link.differences
    assert link.exchange is not None
    assert "907" not in link.exchange.request.target


def test_without_a_key_or_a_variable_an_exchange_is_left_out(make_bench: MakeBench) -> None:
    recorded = read_recordings([SMALL])
    manner = Manner(given={}, is_throwaway=False, moves_time=False)
    bench = make_bench()
    compared = {one.recorded.seq: one for one in Replay(recorded, bench, (), manner).compared()}
    assert compared[1].reason == "needs the key of alice: --as alice=ENV_VAR"
    assert compared[3].reason == "needs <<et>>, which exchange 2 did not give"
    assert bench.target.exchanges == []


def test_a_variable_of_the_recorded_world_must_be_told_for_a_target_that_stays(
    make_bench: MakeBench,
) -> None:
    recorded = read_recordings([SMALL])[9:]
    manner = Manner(given={}, is_throwaway=False, moves_time=False)
    [left] = Replay(recorded, make_bench(), (), manner).compared()
    assert left.reason == "needs <<et>>, a part of the recorded world: --let et=VALUE"
    told = Manner(given={"et": "1"}, is_throwaway=False, moves_time=False)
    [sent] = Replay(recorded, make_bench(), (), told).compared()
    assert sent.exchange is not None
    assert sent.exchange.request.target == "/v2/event-types/1/private-links"


def test_a_value_for_a_variable_that_is_nowhere_is_wrong_use() -> None:
    with pytest.raises(SetupError, match="no such variable"):
        require_known({"ett": "1"}, read_recordings([SMALL]))


# ---------------------------------------------------------------- causes and their explanation


def _quirk(name: str, *, in_observed: bool = True) -> Quirk:
    return Quirk(name, ("*",), "says this", "does that", "seen", in_observed, ())


def _compared(recorded: Recorded, *found: Difference) -> Compared:
    return Compared(recorded, "GET /books", "listBooks", None, tuple(found))


STATUS = Difference(Kind.STATUS, "", "200", "404")
COLOUR = Difference(Kind.SHAPE, "/data/colour", '"red"', "(absent)")


def _with_quirks(
    healthy: ParityReport, needed: Mapping[int, Collection[str]], active: Collection[str]
) -> list[Compared]:
    """What a mock does that answers exchange *seq* rightly only with the quirks it needs."""
    return [
        Compared(
            one.recorded,
            one.operation,
            one.operation_id,
            one.exchange,
            () if set(needed.get(one.recorded.seq, ())) <= set(active) else (STATUS,),
        )
        for one in healthy.compared
    ]


@pytest.mark.parametrize(
    ("needed", "names", "unexplained"),
    [
        ({1: ["late"]}, {"late": (1,)}, 0),
        ({1: ["late", "shy"]}, {"late": (1,), "shy": (1,)}, 0),
        ({1: ["nothing has this"]}, {}, 1),
    ],
    ids=["one", "two together", "none"],
)
def test_the_quirks_explain_without_which_a_difference_comes_back(
    healthy: ParityReport,
    needed: dict[int, list[str]],
    names: dict[str, tuple[int, ...]],
    unexplained: int,
) -> None:
    def again(active: Collection[str]) -> list[Compared]:
        return _with_quirks(healthy, needed, active)

    groups = grouped(again(()), Exceptions())
    quirks = [_quirk("late"), _quirk("shy"), _quirk("odd", in_observed=False)]
    [group], untried = explained(groups, quirks, frozenset(), again)
    assert (group.explained, group.unexplained, untried) == (names, unexplained, [])
    assert group.is_open is bool(unexplained)


def test_a_quirk_that_is_on_explains_what_goes_without_it(healthy: ParityReport) -> None:
    def again(active: Collection[str]) -> list[Compared]:
        return _with_quirks(healthy, {1: ["nothing"]} if "late" in active else {}, active)

    groups = grouped(again(["late"]), Exceptions())
    [group], _ = explained(groups, [_quirk("late"), _quirk("shy")], frozenset({"late"}), again)
    assert dict(group.explained) == {"late": (1,)}


def test_quirks_of_which_each_would_do_are_told_as_a_whole(healthy: ParityReport) -> None:
    def again(active: Collection[str]) -> list[Compared]:
        return _with_quirks(healthy, {} if active else {1: ["nothing"]}, active)

    groups = grouped(again(()), Exceptions())
    [group], _ = explained(groups, [_quirk("late"), _quirk("shy")], frozenset(), again)
    assert dict(group.explained) == {WHOLE: (1,)}


def test_what_there_was_no_time_for_is_told(healthy: ParityReport) -> None:
    def again(active: Collection[str]) -> list[Compared]:
        raise AssertionError("there is no time")

    groups = grouped(_with_quirks(healthy, {1: ["late"]}, ()), Exceptions())
    quirks = [_quirk("odd", in_observed=False)]
    [group], untried = explained(groups, quirks, frozenset(), again, longest_s=-1)
    assert group.is_open
    assert untried == ["odd"]


def test_one_cause_is_told_once_with_all_its_exchanges(healthy: ParityReport) -> None:
    first, second, third = (one.recorded for one in healthy.compared[:3])
    groups = grouped(
        [_compared(first, COLOUR), _compared(second, COLOUR, STATUS), _compared(third)],
        Exceptions(),
    )
    assert [(one.first, one.seqs) for one in groups] == [(STATUS, (2,)), (COLOUR, (1, 2))]


def test_nothing_sent_is_no_agreement(healthy: ParityReport) -> None:
    unsent = [_compared(one.recorded) for one in healthy.compared]
    assert tally("all", unsent).wholly == 0
