"""How far the mock's answers are known to be those of the real server, for each operation.

`spec/fidelity.yaml` is written by `contracts replay --write-fidelity`; here it is read.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from mockserver.errors import SetupError
from mockserver.model import Json
from mockserver.openapi.reading import read_yaml

CONFIRMED: Final = "confirmed"
MODELLED: Final = "modelled"
DOCUMENTED_ONLY: Final = "documented only"

_WITHOUT_STATE: Final = ("example", "none")
"""What answers an operation of which nothing is modelled."""


def read_fidelity(path: Path | None) -> dict[str, date]:
    """For each operationId the day of the recording that confirms it; no file, none.

    The file: `operations: {operationId: {confirmed: day, recording, agreeing, total}}`; operations
    without `confirmed` are not. Raises SetupError.
    """
    if path is None:
        return {}
    content = read_yaml(path)
    rows = content.get("operations") if isinstance(content, dict) else None
    if not isinstance(rows, dict):
        raise SetupError("must hold `operations`, one for each operationId", file=path)
    days = {str(id): _day(path, str(id), row) for id, row in rows.items()}
    return {id: day for id, day in days.items() if day is not None}


def fidelity_of(operation_id: str, answered_by: str, confirmed: Mapping[str, date]) -> str:
    """`confirmed 2026-11-21`, `modelled` or `documented only`."""
    if operation_id in confirmed:
        return f"{CONFIRMED} {confirmed[operation_id].isoformat()}"
    return DOCUMENTED_ONLY if answered_by in _WITHOUT_STATE else MODELLED


def _day(path: Path, id: str, row: Json) -> date | None:
    """The day; YAML of our reader may give it as text."""
    told = row.get("confirmed") if isinstance(row, dict) else None
    if told is None:
        return None
    try:
        return date.fromisoformat(str(told))
    except ValueError:
        place = f"operations.{id}.confirmed"
        raise SetupError("must be a day, such as 2026-11-21", file=path, place=place) from None
