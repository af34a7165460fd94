"""What reports are made from: plain values, with every secret already masked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from contracts.exchange import Exchange
from contracts.findings import Finding, Result, Verdict


@dataclass(frozen=True, slots=True)
class Measure:
    """How much of one kind of thing was seen: `operations`, `statuses`, `parameters`,
    `request properties`, `response properties`, `enum members`, `variants`.

    *unseen* names the rest, as people know it (`GET /books 404`, `Book.pages`).
    """

    kind: str
    seen: int
    documented: int
    unseen: tuple[str, ...] = ()

    @property
    def percent(self) -> float:
        return 100.0 if not self.documented else 100.0 * self.seen / self.documented


@dataclass(frozen=True, slots=True)
class Cell:
    """One documented or seen status of an operation, and how often each suite saw it."""

    operation: str
    status: str
    is_documented: bool
    by_suite: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class BranchTally:
    """One branch of one oneOf: how often a value was seen that fits it, and that was meant as it
    and refused. *place* is the pointer of the oneOf in the document, *direction* `request` or
    `response`."""

    place: str
    direction: str
    branch: str
    good: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was seen of what is documented."""

    measures: tuple[Measure, ...] = ()
    cells: tuple[Cell, ...] = ()
    branches: tuple[BranchTally, ...] = ()


@dataclass(frozen=True, slots=True)
class SuiteTally:
    """One suite in numbers."""

    name: str
    cases: int
    requests: int
    duration_s: float
    verdicts: Mapping[Verdict, int]


@dataclass(frozen=True, slots=True)
class CleanUp:
    """What became of everything that the run created."""

    created: int = 0
    removed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    """What could not be removed, and why; `contracts clean` finishes it."""
    ledger: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run.

    *findings* are those of all results, each cause once; accepted ones come last. *incomplete*
    says why the run ended before its time, `` where it did not. *shown_settings* are the settings
    that matter, as people would type them.
    """

    target: str
    title: str
    document: str
    seed: int
    run_id: str
    started_at: datetime
    duration_s: float
    operations: tuple[str, ...]
    results: tuple[Result, ...]
    findings: tuple[Finding, ...]
    suites: tuple[SuiteTally, ...]
    coverage: Coverage
    clean_up: CleanUp = CleanUp()
    incomplete: str = ""
    strict: bool = False
    exchanges: tuple[Exchange, ...] = ()
    shown_settings: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    remarks: tuple[str, ...] = ()
    fidelity: Mapping[str, str] = field(default_factory=dict)
    """How well a mock of ours knows the real server, by operation: `confirmed 2026-11-21`,
    `modelled`, `documented only`; empty for other targets."""

    @property
    def notes(self) -> dict[str, list[str]]:
        """What there is to tell though nothing is wrong with the target: remarks on the run, and
        what cases noted, each with the cases that did."""
        notes: dict[str, list[str]] = {remark: [] for remark in self.remarks}
        for result in self.results:
            for note in result.notes:
                notes.setdefault(note, []).append(f"{result.suite}: {result.id}")
        return notes

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        """Those that no baseline accepts."""
        return tuple(finding for finding in self.findings if not finding.accepted)

    @property
    def requests(self) -> int:
        return sum(suite.requests for suite in self.suites)

    @property
    def exit_code(self) -> int:
        """0 clean, 1 findings, 3 incomplete, or nothing judged at all (2, wrong use, never gets as
        far as a report)."""
        verdicts = {result.verdict for result in self.results}
        if self.open_findings or (self.strict and Verdict.UNSEEN in verdicts):
            return 1
        is_judged = bool(verdicts & {Verdict.PASSED, Verdict.UNSEEN, Verdict.FAILED})
        return 3 if self.incomplete or Verdict.BROKEN in verdicts or not is_judged else 0
