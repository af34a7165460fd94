"""What a twin run found, for programs: the format `understudy-twin/1`."""

import json
from typing import Final

from contracts.parity.story import lines_of
from contracts.parity.twin import Divergence
from contracts.parity.twin_run import TwinReport
from mockserver.model import Document

FORMAT: Final = "understudy-twin/1"
_LONGEST: Final = 20_000


def twin_json(report: TwinReport) -> str:
    """`{"format", "left", "right", "seed", "run_id", "started_at", "duration_s", "steps",
    "sequences", "operations": {label: times}, "never_called": [...], "divergences": [...],
    "left_behind": [...], "incomplete", "exit_code"}`; no secret of the run stands in it."""
    content = {
        "format": FORMAT,
        "left": report.left,
        "right": report.right,
        "seed": report.seed,
        "run_id": report.run_id,
        "started_at": report.started_at.isoformat(timespec="seconds"),
        "duration_s": round(report.duration_s, 3),
        "steps": report.sent,
        "sequences": report.episodes,
        "operations": dict(report.seen),
        "never_called": list(report.unseen),
        "divergences": [_divergence(one, report) for one in report.divergences],
        "left_behind": [text for one in report.clean_ups for text in one.left],
        "incomplete": report.incomplete,
        "exit_code": report.exit_code,
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _divergence(one: Divergence, report: TwinReport) -> Document:
    return {
        "operation": one.meeting.step.label,
        "operations": one.operations,
        "kind": str(one.difference.kind),
        "place": one.difference.place,
        "left": report.masks.text(one.difference.expected),
        "right": report.masks.text(one.difference.actual),
        "count": one.count,
        "quirks": list(one.quirks),
        "sequence": one.episode,
        "is_shrunk": one.is_shrunk,
        "story": [
            {
                "step": line.number,
                "actor": line.actor,
                "sent": line.sent,
                "left": line.left,
                "right": line.right,
            }
            for line in lines_of(one.story, report.masks, _LONGEST)
        ],
    }
