"""A proof as JSON for other programs: versioned, described in `docs/proof-json.md`."""

import json
from typing import Final

from contracts.prove.outcomes import CleanRun, Deviation, Discovery, Outcome, Proof, Record
from contracts.reports.prove_summary import headline, verdict, why_incomplete
from mockserver.model import Document

FORMAT: Final = "understudy-proof/1"


def prove_json_text(proof: Proof) -> str:
    """The proof as indented JSON."""
    return json.dumps(prove_json(proof), ensure_ascii=False, indent=2) + "\n"


def prove_json(proof: Proof) -> Document:
    """The proof as one JSON object, keys in a fixed order."""
    return {
        "format": FORMAT,
        "verdict": verdict(proof).replace(" ", "-"),
        "headline": headline(proof),
        "exitCode": proof.exit_code,
        "run": {
            "title": proof.title,
            "seed": proof.seed,
            "limitS": proof.limit_s,
            "full": proof.is_full,
            "workers": proof.workers,
            "version": proof.version,
            "startedAt": proof.started_at.isoformat(timespec="milliseconds"),
            "durationS": round(proof.duration_s, 3),
            "incomplete": why_incomplete(proof),
            "settings": dict(proof.shown_settings),
        },
        "summary": _summary(proof),
        "suites": [{"name": name, "cases": cases} for name, cases in proof.suites.items()],
        "deviations": [_outcome(outcome, proof) for outcome in proof.outcomes],
        "untried": [one.name for one in proof.untried],
        "cleanRuns": [_clean_run(run) for run in proof.clean_runs],
        "falseAlarms": [_discovery(one) for one in proof.false_alarms],
    }


def _summary(proof: Proof) -> Document:
    return {
        "planned": len(proof.planned),
        "killed": len(proof.killed),
        "survivors": [outcome.deviation.name for outcome in proof.survivors],
        "broken": [outcome.deviation.name for outcome in proof.broken],
        "untried": len(proof.untried),
        "falseAlarms": len(proof.false_alarms),
        "requests": proof.requests,
        "categories": [
            {
                "name": category,
                "planted": len(outcomes),
                "killed": sum(outcome.first is not None for outcome in outcomes),
            }
            for category, outcomes in proof.by_category.items()
        ],
    }


def _outcome(outcome: Outcome, proof: Proof) -> Document:
    return {
        **_deviation(outcome.deviation),
        "fate": outcome.fate.value.replace(" ", "-"),
        **_record(outcome.record),
        "marks": {name: outcome.mark(name, cases).value for name, cases in proof.suites.items()},
        "discoveries": [_discovery(one) for one in outcome.record.discoveries],
    }


def _deviation(deviation: Deviation) -> Document:
    return {
        "name": deviation.name,
        "kind": deviation.kind.value,
        "category": deviation.category,
        "about": deviation.about,
        "exposedBy": deviation.exposed_by,
        "operations": list(deviation.operations),
    }


def _clean_run(run: CleanRun) -> Document:
    found = [_discovery(one) for one in run.record.discoveries]
    return {"after": run.after, **_record(run.record), "discoveries": found}


def _record(record: Record) -> Document:
    return {
        "end": record.end.value.replace(" ", "-"),
        "reason": record.reason,
        "broken": list(record.broken),
        "cases": sum(tally.cases for tally in record.tallies.values()),
        "requests": record.requests,
        "durationS": round(record.duration_s, 3),
        "bySuite": {
            name: {
                "cases": tally.cases,
                "requests": tally.requests,
                "durationS": round(tally.duration_s, 3),
            }
            for name, tally in record.tallies.items()
        },
    }


def _discovery(one: Discovery) -> Document:
    return {
        "suite": one.suite,
        "case": one.case,
        "rule": one.rule,
        "operation": one.operation,
        "message": one.message,
        "requests": one.requests,
        "durationS": round(one.duration_s, 3),
    }
