"""A proof as one HTML page that needs nothing else, in the dress of the report's page."""

from dataclasses import dataclass
from typing import Final

from contracts.prove.outcomes import Fate, Mark, Outcome, Proof
from contracts.reports.page import page
from contracts.reports.prove_summary import (
    INCOMPLETE,
    MARKS,
    NOT_PROVEN,
    PROVEN,
    fate_text,
    headline,
    subline,
    suites_text,
    verdict,
    why_incomplete,
)
from contracts.reports.summary import counted, seconds

_TONES: Final = {PROVEN: "good", NOT_PROVEN: "bad", INCOMPLETE: "warn"}


@dataclass(frozen=True, slots=True)
class MarkView:
    """What one suite did, as a cell: its sign, and what it means."""

    suite: str
    kind: str
    sign: str
    meaning: str


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """A deviation as a row."""

    outcome: Outcome
    fate: str
    told: str
    marks: tuple[MarkView, ...]

    @property
    def is_killed(self) -> bool:
        return self.outcome.fate is Fate.KILLED


def prove_page(proof: Proof) -> str:
    """The whole page. Everything that came from a target is escaped."""
    views = {one.deviation.name: _view(one, proof) for one in proof.outcomes}
    return page(
        "prove.html",
        more_styles=("prove.css",),
        title=proof.title,
        brand="Proof",
        version=proof.version,
        started_at=proof.started_at,
        proof=proof,
        tone=_TONES[verdict(proof)],
        verdict=verdict(proof),
        headline=headline(proof),
        subline=subline(proof),
        why_incomplete=why_incomplete(proof),
        categories={
            category: [views[one.deviation.name] for one in outcomes]
            for category, outcomes in proof.by_category.items()
        },
        survivors=[views[one.deviation.name] for one in proof.survivors],
        broken=[views[one.deviation.name] for one in proof.broken],
        first_by_suite=_first_by_suite(proof),
        marks=MARKS,
    )


def _view(outcome: Outcome, proof: Proof) -> OutcomeView:
    marks = tuple(_mark(suite, outcome.mark(suite, cases)) for suite, cases in proof.suites.items())
    return OutcomeView(outcome, outcome.fate.value.replace(" ", "-"), _told(outcome), marks)


def _mark(suite: str, mark: Mark) -> MarkView:
    sign, meaning = MARKS[mark]
    return MarkView(suite, mark.value, sign, meaning)


def _told(outcome: Outcome) -> str:
    first = outcome.first
    if first is None:
        return f"{outcome.fate.value}: {fate_text(outcome)}"
    size = f"{counted(first.requests, 'request')}, {seconds(first.duration_s)}"
    return f"{suites_text(outcome)}: {first.rule}, {size}"


def _first_by_suite(proof: Proof) -> dict[str, int]:
    """How many deviations each suite was the first to find."""
    firsts = [outcome.first.suite for outcome in proof.outcomes if outcome.first]
    return {suite: firsts.count(suite) for suite in proof.suites}
