"""Mocks and yardsticks for many small runs: each kind is built once in a process, and reset."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from contracts import opening
from contracts.door import stub
from contracts.yardstick import Yardstick, read_yardstick
from mockserver.app import App, create_app
from mockserver.clock import Clock
from mockserver.settings import Settings

_apps: dict[Settings, App] = {}


def build_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let runs of this process share what takes a second to build."""
    monkeypatch.setattr(stub, "create_app", _app)
    monkeypatch.setattr(opening, "read_yardstick", _yardstick)


def _app(settings: Settings, clock: Clock) -> App:
    if settings not in _apps:
        _apps[settings] = create_app(settings, clock)
    app = _apps[settings]
    app.clock.freeze(clock.now())
    app.reset()
    return app


_yardstick: Callable[[Path | None, tuple[Path, ...], str], Yardstick] = cache(read_yardstick)
