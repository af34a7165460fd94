"""What every pytest run loads of the kit: nothing, unless it is asked for the kit's suites.

A conftest.py beside them would be read too late: with `--pyargs` pytest knows where they are only
after it has read its options.
"""

import os

import pytest

_SUITES = "contracts.suites"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    """Load the kit's plugin where an argument names its suites, as a package or as a folder."""
    if any(_SUITES in arg.replace(os.sep, ".") for arg in args):
        early_config.pluginmanager.import_plugin("contracts.plugin")
