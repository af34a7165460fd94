"""What every report of a proof says first, and the words that they share."""

from collections.abc import Mapping
from typing import Final

from contracts.prove.outcomes import Fate, Mark, Outcome, Proof
from contracts.reports.summary import counted, seconds

SYMBOLS: Final[Mapping[Fate, str]] = {
    Fate.KILLED: "✓",
    Fate.SURVIVED: "✗",
    Fate.TIMED_OUT: "✗",
    Fate.BROKEN: "!",
}
MARKS: Final[Mapping[Mark, tuple[str, str]]] = {
    Mark.FIRST: ("1", "found it first"),
    Mark.FOUND: ("✓", "found it too"),
    Mark.SILENT: ("-", "tried wholly, found nothing"),
    Mark.PARTLY: ("·", "some cases tried, found nothing"),
    Mark.UNTRIED: ("", "not tried"),
}
"""A sign and its meaning."""

PROVEN: Final = "proven"
NOT_PROVEN: Final = "not proven"
INCOMPLETE: Final = "incomplete"
_VERDICTS: Final = {0: PROVEN, 1: NOT_PROVEN, 3: INCOMPLETE}


def verdict(proof: Proof) -> str:
    """`proven`, `not proven` or `incomplete`."""
    return _VERDICTS[proof.exit_code]


def headline(proof: Proof) -> str:
    """`all 120 deviations were found`, `3 of 120 deviations survived, 1 false alarm`."""
    count = len(proof.planned)
    parts = []
    if proof.survivors:
        parts.append(f"{len(proof.survivors)} of {counted(count, 'deviation')} survived")
    if proof.false_alarms:
        parts.append(counted(len(proof.false_alarms), "false alarm"))
    if reason := why_incomplete(proof):
        parts.append(f"incomplete: {reason}")
    if parts:
        return ", ".join(parts)
    return "the deviation was found" if count == 1 else f"all {count} deviations were found"


def why_incomplete(proof: Proof) -> str:
    """Why not everything is known; `` where it is."""
    if proof.incomplete or proof.untried:
        left = counted(len(proof.untried), "deviation")
        reason = proof.incomplete or "it ended early"
        return f"{reason}, {left} not tried" if proof.untried else reason
    if proof.broken:
        return f"the kit itself failed on {counted(len(proof.broken), 'deviation')}"
    if not proof.clean_runs:
        return "no clean stub was tried"
    if not all(run.is_whole for run in proof.clean_runs):
        return "the kit itself failed on a clean stub"
    return ""


def subline(proof: Proof) -> str:
    """The size of the proof."""
    parts = [
        f"{len(proof.killed)} of {len(proof.planned)} found",
        counted(proof.requests, "request"),
        counted(proof.workers, "worker"),
        seconds(proof.duration_s),
    ]
    return ", ".join(parts)


def suites_text(outcome: Outcome) -> str:
    """The suites that found it, the first one first."""
    return ", ".join(dict.fromkeys(one.suite for one in outcome.record.discoveries))


def fate_text(outcome: Outcome) -> str:
    """What is to be said of a deviation that was not found."""
    if outcome.fate is Fate.TIMED_OUT:
        return outcome.record.reason
    if outcome.fate is Fate.BROKEN:
        reasons = [outcome.record.reason, *outcome.record.broken]
        return next(filter(None, reasons), "the kit itself failed").strip().splitlines()[-1]
    return f"silent in all {counted(outcome.record.reached, 'case')}"
