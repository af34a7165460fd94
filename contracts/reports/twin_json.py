"""What a twin run found, for programs: the format `understudy-twin/1`."""

import json
from typing import Final

from contracts.parity.story import Line, lines_of
from contracts.parity.twin import Divergence
from contracts.parity.twin_run import TwinReport
from mockserver.model import Document
from mockserver.version import VERSION

FORMAT: Final = "understudy-twin/1"
_LONGEST: Final = 20_000


def twin_json(report: TwinReport) -> str:
    """The report as indented JSON, keys in a fixed order; no secret of the run stands in it."""
    return json.dumps(twin_data(report), ensure_ascii=False, indent=2) + "\n"


def twin_data(report: TwinReport) -> Document:
    """`{format, exitCode, run, steps, sequences, operations, neverCalled, differences,
    leftBehind, remarks}`: see docs/comparison-json.md."""
    return {
        "format": FORMAT,
        "exitCode": report.exit_code,
        "run": {
            "left": report.left,
            "right": report.right,
            "seed": report.seed,
            "runId": report.run_id,
            "version": VERSION,
            "startedAt": report.started_at.isoformat(timespec="seconds"),
            "durationS": round(report.duration_s, 3),
            "incomplete": report.masks.text(report.incomplete),
        },
        "steps": report.sent,
        "sequences": report.episodes,
        "operations": dict(report.seen),
        "neverCalled": list(report.unseen),
        "differences": [_divergence(one, report) for one in report.divergences],
        "leftBehind": [text for one in report.clean_ups for text in one.left],
        "remarks": list(report.remarks),
    }


def _divergence(one: Divergence, report: TwinReport) -> Document:
    return {
        "kind": one.difference.kind.value,
        "place": one.difference.place,
        "left": report.masks.text(one.difference.expected),
        "right": report.masks.text(one.difference.actual),
        "operation": one.meeting.step.label,
        "operations": list(one.operations),
        "count": one.count,
        "quirks": list(one.quirks),
        "sequence": one.episode,
        "isShrunk": one.is_shrunk,
        "story": [_line(line) for line in lines_of(one.story, report.masks, _LONGEST)],
    }


def _line(line: Line) -> Document:
    return {
        "step": line.number,
        "actor": line.actor,
        "sent": line.sent,
        "left": line.left,
        "right": line.right,
    }
