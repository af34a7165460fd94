"""What counts as found, as survived, and as proven."""

import pytest

from contracts.prove.outcomes import End, Fate, Mark, Outcome, Record
from tests.contracts.prove.samples import (
    SUITES,
    broken,
    clean_run,
    deviation,
    discovery,
    killed,
    proof_of,
    proven,
    survivor,
)


def fate(record: Record) -> Fate:
    return Outcome(deviation("any"), record).fate


def test_one_finding_kills() -> None:
    assert fate(Record((discovery(),), end=End.FOUND)) is Fate.KILLED


def test_a_finding_kills_though_time_ran_out_afterwards() -> None:
    assert fate(Record((discovery(),), end=End.OUT_OF_TIME)) is Fate.KILLED


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (Record(end=End.THROUGH), Fate.SURVIVED),
        (Record(end=End.OUT_OF_TIME), Fate.TIMED_OUT),
        (Record(end=End.STOPPED), Fate.BROKEN),
        (Record(end=End.THROUGH, broken=("KeyError",)), Fate.BROKEN),
    ],
)
def test_without_a_finding_it_is_not_killed(record: Record, expected: Fate) -> None:
    assert fate(record) is expected


def test_each_suite_has_its_mark() -> None:
    outcome = killed("it", "auth", "fuzz")
    marks = [outcome.mark(suite, cases) for suite, cases in SUITES.items()]
    assert marks == [
        Mark.UNTRIED,
        Mark.UNTRIED,
        Mark.UNTRIED,
        Mark.FIRST,
        Mark.FOUND,
        Mark.UNTRIED,
    ]


def test_a_silent_suite_was_tried_wholly_or_partly() -> None:
    outcome = survivor("it")
    assert outcome.mark("fuzz", SUITES["fuzz"]) is Mark.SILENT
    assert outcome.mark("fuzz", SUITES["fuzz"] + 1) is Mark.PARTLY


def test_all_killed_and_silent_on_clean_stubs_is_proven() -> None:
    assert proven().exit_code == 0


def test_survivors_and_false_alarms_are_1() -> None:
    assert proof_of(killed("a", "auth"), survivor("b")).exit_code == 1
    assert proof_of(killed("a", "auth"), survivor("b", end=End.OUT_OF_TIME)).exit_code == 1
    alarm = clean_run(0, discovery())
    assert proof_of(killed("a", "auth"), clean_runs=(alarm,)).exit_code == 1


def test_what_is_not_known_is_3() -> None:
    found = killed("a", "auth")
    assert proof_of(found, survivor("b"), incomplete="stopped by hand").exit_code == 3
    assert proof_of(found, untried=(deviation("b"),)).exit_code == 3
    assert proof_of(found, broken("b")).exit_code == 3
    assert proof_of(found, clean_runs=()).exit_code == 3
    assert proof_of(found, clean_runs=(clean_run(0, end=End.STOPPED),)).exit_code == 3


def test_the_same_false_alarm_is_told_once() -> None:
    runs = (clean_run(0, discovery()), clean_run(9, discovery()))
    assert len(proof_of(killed("a", "auth"), clean_runs=runs).false_alarms) == 1
