"""The observed profile answers as a real server was recorded, in everything that means something.

Exchanges that differ stand in `tests/data/replay-exceptions.yaml`, each with its reason; one that
agrees after all must leave that list. What `spec/fidelity.yaml` says must be what is found here.
"""

import os
from pathlib import Path

import pytest

from contracts.parity.agreement import ParityReport
from contracts.parity.exceptions import read_exceptions
from contracts.parity.fidelity import fidelity
from contracts.parity.recording import read_recordings
from contracts.parity.running import Wish, replay
from contracts.reports.parity_text import parity_text
from contracts.settings import Settings
from mockserver.openapi import bundled_spec_dir, read_yaml

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("UNDERSTUDY_RECORDINGS", ROOT.parent / "shared" / "recordings"))
EXCEPTIONS = ROOT / "tests" / "data" / "replay-exceptions.yaml"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no recordings at {FOLDER}")


@pytest.fixture(scope="module")
def report() -> ParityReport:
    """All recordings, sent in the order in which they were recorded."""
    wish = Wish(
        recorded=read_recordings(sorted(FOLDER.glob("*.jsonl"))),
        given={},
        exceptions=read_exceptions(EXCEPTIONS),
        is_explaining=False,
    )
    return replay(Settings(profile="observed"), wish, {})


def test_the_observed_profile_answers_as_recorded(report: ParityReport) -> None:
    assert not report.open_groups, parity_text(report, 120, is_brief=True)
    assert not report.left_out
    assert not report.incomplete


def test_no_exception_is_idle(report: ParityReport) -> None:
    assert report.remarks == ()


def test_what_is_shown_of_the_fidelity_is_what_was_found(report: ParityReport) -> None:
    """Renew with: contracts replay RECORDINGS... --write-fidelity spec/fidelity.yaml."""
    shown = read_yaml(bundled_spec_dir() / "fidelity.yaml")["operations"]
    found = fidelity(report.compared)
    assert {id: _as_text(row) for id, row in shown.items()} == {
        id: _as_text(row) for id, row in found.items()
    }


def _as_text(row: dict[str, object]) -> dict[str, str]:
    return {key: str(value) for key, value in row.items()}
