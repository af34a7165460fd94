"""A pytest fixture for users' own tests: a whole mock in the test's own process.

    def test_my_client_lists_links(mock_api):
        answer = mock_api.client.get("/v2/me", headers=mock_api.headers("demo"))
        assert answer.json()["data"]["username"] == "demo"

Override `mock_api_settings` to serve another document, world or profile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

import pytest

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from mockserver.app import App
    from mockserver.clock import Clock
    from mockserver.settings import Settings
    from mockserver.store.protocol import Store


@dataclass(frozen=True)
class MockApi:
    """A mock in this process: *client* speaks HTTP to it without a socket."""

    app: App
    client: TestClient

    @property
    def clock(self) -> Clock:
        """The mock's time: `freeze`, `set`, `advance`, `release`."""
        return self.app.clock

    @property
    def state(self) -> Store:
        """The mock's documents, to look at and to change."""
        return self.app.store

    def headers(self, name: str, **more: str) -> dict[str, str]:
        """Request headers of an account of the fixtures. Raises KeyError on an unknown name.

        Further headers by keyword, `_` for `-`: `cal_api_version="2024-06-14"`.
        """
        keys = {account.name: account.key for account in self.app.accounts()}
        if name not in keys:
            raise KeyError(f"no account {name!r}; there are {', '.join(keys) or 'none'}")
        spelled = {header.replace("_", "-"): value for header, value in more.items()}
        return {"Authorization": f"Bearer {keys[name]}", **spelled}

    def reset(self) -> None:
        """Back to the fixtures."""
        self.app.reset()


@pytest.fixture
def mock_api_settings() -> Settings:
    """The settings of `mock_api`; override it in a conftest.py."""
    from mockserver.settings import Settings  # not at the top: pytest loads this module always

    return Settings()


@pytest.fixture
def mock_api(mock_api_settings: Settings) -> Iterator[MockApi]:
    """A fresh mock for one test, with its client, state and clock."""
    with catch_warnings():
        # users turn warnings into errors; those of the imported libraries are not theirs
        simplefilter("ignore")
        from starlette.testclient import TestClient  # both imports are slow, and wanted by few

        from mockserver.app import create_app

    app = create_app(mock_api_settings)
    here = ("127.0.0.1", 50000)  # the admin API answers to this machine only
    with TestClient(app, base_url="http://127.0.0.1", client=here) as client:
        yield MockApi(app, client)
