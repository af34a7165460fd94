"""Reports to be shown."""

import pytest

from contracts.results import Report
from tests.contracts.reports.sample import sample_report


@pytest.fixture(scope="session")
def report() -> Report:
    """The report with everything in it."""
    return sample_report()
