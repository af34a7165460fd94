"""How far a target agrees with a recording, as JSON for other programs: `understudy-parity/1`."""

import json
from typing import Final

from contracts.parity.agreement import Compared, Group, ParityReport, Tally
from contracts.parity.difference import Difference
from mockserver.model import Document

FORMAT: Final = "understudy-parity/1"


def parity_json(report: ParityReport) -> str:
    """The report as indented JSON, keys in a fixed order."""
    return json.dumps(parity_data(report), ensure_ascii=False, indent=2) + "\n"


def parity_data(report: ParityReport) -> Document:
    """`{format, exitCode, run, total, recordings, differences, exchanges}`."""
    return {
        "format": FORMAT,
        "exitCode": report.exit_code,
        "run": {
            "target": report.target,
            "version": report.version,
            "startedAt": report.started_at.isoformat(),
            "durationS": round(report.duration_s, 3),
            "incomplete": report.incomplete,
            "remarks": list(report.remarks),
            "settings": dict(report.settings),
        },
        "total": _tally(report.total),
        "recordings": [_tally(one) for one in report.tallies],
        "differences": [_group(group) for group in report.groups],
        "exchanges": [_exchange(one) for one in report.compared],
        "cleanUp": {
            "created": report.clean_up.created,
            "removed": list(report.clean_up.removed),
            "left": list(report.clean_up.left),
            "ledger": report.clean_up.ledger,
        },
    }


def _tally(one: Tally) -> Document:
    return {
        "name": one.name,
        "exchanges": one.exchanges,
        "sent": one.sent,
        "agreeWholly": one.wholly,
        "agreeIn": {kind.value: count for kind, count in one.by_kind.items()},
    }


def _group(group: Group) -> Document:
    return {
        **_difference(group.first),
        "operations": list(group.operations),
        "count": len(group.members),
        "seqs": list(group.seqs),
        "isOpen": group.is_open,
        "quirks": {name: list(seqs) for name, seqs in group.explained.items()},
        "accepted": group.accepted,
    }


def _exchange(one: Compared) -> Document:
    return {
        "seq": one.recorded.seq,
        "recording": one.recorded.file,
        "name": one.recorded.name,
        "operation": one.operation,
        "recorded": one.recorded.response.status,
        "status": None if one.exchange is None else one.exchange.response.status,
        "notSent": one.reason,
        "differences": [_difference(found) for found in one.differences],
    }


def _difference(found: Difference) -> Document:
    return {
        "kind": found.kind.value,
        "place": found.place,
        "expected": found.expected,
        "actual": found.actual,
    }
