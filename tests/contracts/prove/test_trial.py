"""A trial: when it is over, and what counts."""

from collections.abc import Callable, Iterator

import pytest

from contracts.findings import Finding, Severity
from contracts.opening import Opened
from contracts.prove.outcomes import End, Record
from contracts.prove.settings import ProveSettings
from contracts.prove.trial import Goal, tried
from contracts.stops import RunStopped
from contracts.suites.session import Case, Session
from tests.contracts.prove.planted import load_small

Run = Callable[[Session], None]


@pytest.fixture(scope="module")
def opened() -> Iterator[Opened]:
    opened = load_small(ProveSettings(names=("wrong-type",))).opened(None)
    yield opened
    opened.close()


def silent(session: Session) -> None:
    session.judgements += 1


def finding(*rules: str) -> Run:
    def run(session: Session) -> None:
        for rule in rules:
            session.found(Finding(rule, "GET /x", Severity.LOW, "wrong", "right", "nowhere"))

    return run


def failing(session: Session) -> None:
    finding("half-way")(session)
    raise KeyError("kit")


def stopping(session: Session) -> None:
    finding("before-the-stop")(session)
    raise RunStopped("the target is gone")


def cases(*runs: tuple[str, Run]) -> list[Case]:
    return [Case(suite, "GET /x", f"rule-{n}", run) for n, (suite, run) in enumerate(runs)]


def trial(opened: Opened, goal: Goal, *runs: tuple[str, Run]) -> Record:
    return tried(opened, cases(*runs), goal, lambda record: None)


def rules(record: Record) -> list[str]:
    return [one.rule for one in record.discoveries]


def test_the_first_finding_is_enough(opened: Opened) -> None:
    record = trial(opened, Goal.FIRST, ("a", silent), ("a", finding("x", "y")), ("b", failing))
    assert (record.end, rules(record), record.reached) == (End.FOUND, ["x"], 2)
    assert record.tallies["a"].cases == 2
    assert not record.broken


def test_each_suite_is_left_at_its_first_finding(opened: Opened) -> None:
    record = trial(
        opened,
        Goal.EACH_SUITE,
        ("a", finding("x", "y")),
        ("a", failing),
        ("b", silent),
        ("b", finding("z")),
    )
    assert (record.end, rules(record), record.reached) == (End.THROUGH, ["x", "z"], 4)
    assert record.tallies["a"].cases == 1


def test_on_a_clean_stub_every_finding_counts_once(opened: Opened) -> None:
    both = ("a", finding("x", "y"))
    record = trial(opened, Goal.ALL, both, both, ("b", silent))
    assert (record.end, rules(record)) == (End.THROUGH, ["x", "y"])


def test_a_broken_case_finds_nothing(opened: Opened) -> None:
    record = trial(opened, Goal.FIRST, ("a", failing), ("a", silent))
    assert (record.end, rules(record)) == (End.THROUGH, [])
    (reason,) = record.broken
    assert reason.startswith("a: GET /x/rule-0\n")
    assert "KeyError" in reason


def test_a_stop_ends_it_and_keeps_what_was_found(opened: Opened) -> None:
    record = trial(opened, Goal.ALL, ("a", stopping), ("a", silent))
    assert (record.end, record.reason) == (End.STOPPED, "the target is gone")
    assert rules(record) == ["before-the-stop"]


def test_it_tells_before_each_case_how_far_it_is(opened: Opened) -> None:
    told: list[Record] = []
    tried(opened, cases(("a", silent), ("b", silent)), Goal.FIRST, told.append)
    assert [(one.case, one.reached) for one in told] == [
        ("a: GET /x/rule-0", 1),
        ("b: GET /x/rule-1", 2),
    ]
