"""Whole proofs, in processes of their own, on a small document with few cases."""

import multiprocessing

import pytest

from contracts.prove.nursery import Load
from contracts.prove.outcomes import CleanRun, Fate, Outcome, Proof
from contracts.prove.proof import STOPPED_BY_HAND, prove
from contracts.prove.settings import ProveSettings
from mockserver.errors import SetupError
from tests.contracts.prove.planted import (
    CASES,
    DYING,
    HANGING,
    INVISIBLE,
    KILLED,
    load_small,
    load_with_false_alarm,
    load_with_strange_faults,
)

CLEAN = ""
"""What a clean stub is called while it is tried."""


class Silence:
    """Progress that nobody sees; *stops_at* is the deviation at which Ctrl-C is hit."""

    def __init__(self, stops_at: str | None = None) -> None:
        self._stops_at = stops_at
        self.begun: list[str] = []

    def start(self, deviations: int, cases: int) -> None: ...

    def begin(self, name: str) -> None:
        self.begun.append(name)
        if name == self._stops_at:
            raise KeyboardInterrupt

    def done(self, outcome: Outcome) -> None: ...

    def clean(self, run: CleanRun) -> None: ...

    def stop(self) -> None: ...


def proof_of(
    load: Load,
    *names: str,
    workers: int = 2,
    limit: float = 60.0,
    stops_at: str | None = None,
) -> Proof:
    settings = ProveSettings(names=names, workers=workers, limit_s=limit)
    proof = prove(settings, Silence(stops_at), load)
    assert multiprocessing.active_children() == []
    return proof


def matrix(proof: Proof) -> list[tuple[object, ...]]:
    """What must not depend on workers, or on what was tried before."""
    return [
        (
            outcome.deviation.name,
            outcome.fate,
            outcome.record.reached,
            outcome.record.requests,
            [(one.case, one.rule, one.requests) for one in outcome.record.discoveries],
        )
        for outcome in proof.outcomes
    ]


@pytest.fixture(scope="module")
def two_workers() -> Proof:
    return proof_of(load_with_strange_faults, *KILLED, INVISIBLE)


def test_what_everybody_can_see_is_killed(two_workers: Proof) -> None:
    assert {outcome.deviation.name for outcome in two_workers.killed} == set(KILLED)
    for outcome in two_workers.killed:
        assert outcome.first is not None
        assert outcome.first.requests == outcome.record.requests > 0


def test_what_nobody_can_see_survives_and_the_proof_fails(two_workers: Proof) -> None:
    (survivor,) = two_workers.survivors
    assert survivor.deviation.name == INVISIBLE
    assert (survivor.fate, survivor.record.reached) == (Fate.SURVIVED, CASES)
    assert two_workers.exit_code == 1


def test_a_clean_stub_is_tried_with_the_cases_that_were_needed(two_workers: Proof) -> None:
    (run,) = two_workers.clean_runs
    assert run.is_whole
    assert (run.after, run.record.reached, run.record.discoveries) == (4, CASES, ())


@pytest.fixture(scope="module")
def one_worker() -> Proof:
    """One trial after the other, with two that go wrong in between, and Ctrl-C at the end."""
    return proof_of(
        load_with_strange_faults,
        *KILLED,
        HANGING,
        DYING,
        INVISIBLE,
        workers=1,
        limit=6,
        stops_at=CLEAN,
    )


def test_the_matrix_depends_on_neither_workers_nor_what_came_before(
    one_worker: Proof, two_workers: Proof
) -> None:
    again = [row for row in matrix(one_worker) if row[0] not in (HANGING, DYING)]
    assert again == matrix(two_workers)


def test_what_hangs_is_ended(one_worker: Proof) -> None:
    (outcome,) = one_worker.of_fate(Fate.TIMED_OUT)
    assert outcome.deviation.name == HANGING
    assert outcome.record.reason.startswith("not through after 6 s, at examples: ")


def test_what_dies_is_broken(one_worker: Proof) -> None:
    (outcome,) = one_worker.broken
    assert outcome.deviation.name == DYING
    assert outcome.record.reason == "the trial's process ended with 7"


def test_ctrl_c_keeps_what_is_known(one_worker: Proof) -> None:
    assert one_worker.incomplete == STOPPED_BY_HAND
    assert len(one_worker.outcomes) == len(KILLED) + 3
    assert one_worker.clean_runs == ()
    assert one_worker.exit_code == 3


def test_a_check_that_speaks_on_a_clean_stub_fails_the_proof() -> None:
    proof = proof_of(load_with_false_alarm, KILLED[0])
    assert [outcome.fate for outcome in proof.outcomes] == [Fate.KILLED]
    assert "made-up" in {one.rule for one in proof.false_alarms}
    assert proof.exit_code == 1


def test_a_wrong_name_is_told_by_the_process_that_knows() -> None:
    with pytest.raises(SetupError, match="did you mean 'wrong-type'"):
        proof_of(load_small, "wrong-typ")
