"""What a replay says about each operation of the mock: confirmed by a recording, and when."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import yaml

from contracts.parity.agreement import Compared
from contracts.reports.write import write
from mockserver.model import Document

_ABOUT = """\
# How far the mock's answers agree with recordings of the real server, for each operation.
# Written by `contracts replay FILE... --write-fidelity FILE`; not to be edited by hand.
# `confirmed` is the day of the newest recording in which every exchange of the operation agrees;
# `agreeing` and `total` count its exchanges in all recordings.

"""


def fidelity(compared: Sequence[Compared]) -> Document:
    """`{operationId: {confirmed, recording, agreeing, total}}`, without the first two where no
    recording agrees in every exchange."""
    ids = sorted({one.operation_id for one in compared if one.operation_id})
    return {id: _row([one for one in compared if one.operation_id == id]) for id in ids}


def write_fidelity(compared: Sequence[Compared], path: Path) -> Path:
    """Write what `mockserver routes` reads. Raises SetupError."""
    content = {"operations": fidelity(compared)}
    return write(path, _ABOUT + yaml.safe_dump(content, sort_keys=False, width=100))


def _row(compared: Sequence[Compared]) -> Document:
    confirmed = sorted(_confirming(compared))
    counts = {"agreeing": sum(one.agrees for one in compared), "total": len(compared)}
    if not confirmed:
        return counts
    day, _, file = confirmed[-1]
    return {"confirmed": day, "recording": file, **counts}


def _confirming(compared: Sequence[Compared]) -> set[tuple[date, int, str]]:
    """Day, number of exchanges and name of each recording in which all of these agree."""
    files = {one.recorded.file for one in compared}
    return {
        (max(one.recorded.sent_at.date() for one in mine), len(mine), file)
        for file in files
        if (mine := [one for one in compared if one.recorded.file == file])
        and all(one.agrees for one in mine)
    }
