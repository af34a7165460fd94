"""A stateful mock of an HTTP API, made from its OpenAPI document.

from mockserver import Settings, create_app

app = create_app(Settings(profile="observed"))  # an ASGI application
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockserver.app import create_app
    from mockserver.settings import Settings
    from mockserver.version import VERSION as __version__

__all__ = ["Settings", "__version__", "create_app"]

_HOMES = {
    "create_app": ("mockserver.app", "create_app"),
    "Settings": ("mockserver.settings", "Settings"),
    "__version__": ("mockserver.version", "VERSION"),
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: `mockserver.app` takes a while."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _HOMES[name]
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
