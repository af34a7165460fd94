"""Stories over HTTP in this process: each begins at a frozen instant, with the fixtures.

A mock takes longer to build than a story to tell, so each kind is built once, and reset.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from mockserver.app import create_app
from mockserver.clock import Clock
from mockserver.settings import Settings
from tests.end_to_end.callers import Api

DATA = Path(__file__).parents[1] / "data"
START = datetime(2030, 1, 1, 8, 0, tzinfo=UTC)
HERE = ("127.0.0.1", 50000)


@contextmanager
def mock_of(settings: Settings) -> Iterator[Api]:
    """A mock that is called from this machine."""
    app = create_app(settings, Clock())
    with TestClient(app, base_url="http://127.0.0.1", client=HERE) as client:
        yield Api(client, app, app.clock)


def begun_anew(mock: Api) -> Api:
    """*mock* at 2030-01-01 08:00 UTC, as its fixtures are; their relative dates count from then."""
    mock.clock.freeze(START)
    mock.app.reset()
    return mock


@pytest.fixture(scope="session")
def documented_mock() -> Iterator[Api]:
    with mock_of(Settings()) as mock:
        yield mock


@pytest.fixture(scope="session")
def observed_mock() -> Iterator[Api]:
    with mock_of(Settings(profile="observed")) as mock:
        yield mock


@pytest.fixture(scope="session")
def library_mock() -> Iterator[Api]:
    settings = Settings(spec=DATA / "library.yaml", fixtures=(DATA / "library-fixtures.yaml",))
    with mock_of(settings) as mock:
        yield mock


@pytest.fixture
def api(documented_mock: Api) -> Api:
    """The bundled document in the documented profile."""
    return begun_anew(documented_mock)


@pytest.fixture
def observed(observed_mock: Api) -> Api:
    """The bundled document as the real server was seen to behave."""
    return begun_anew(observed_mock)


@pytest.fixture
def library(library_mock: Api) -> Api:
    """A document of which the mock knows nothing."""
    return begun_anew(library_mock)
