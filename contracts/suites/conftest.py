"""Makes `pytest --pyargs contracts.suites --target URL` work: options and fixtures."""

from contracts.plugin import (
    contract_case,
    contract_runs,
    contract_target,
    pytest_addoption,
    pytest_configure,
    pytest_generate_tests,
)

__all__ = [
    "contract_case",
    "contract_runs",
    "contract_target",
    "pytest_addoption",
    "pytest_configure",
    "pytest_generate_tests",
]
