"""The version of this program, from the one place where it is written: pyproject.toml."""

import tomllib
from importlib import metadata
from pathlib import Path

PROJECT_FILE = Path(__file__).parent.parent / "pyproject.toml"
UNKNOWN = "unknown"  # neither installed nor in a checkout, for instance in a zip


def _version() -> str:
    try:
        return metadata.version("understudy")
    except metadata.PackageNotFoundError:
        pass
    try:
        return str(tomllib.loads(PROJECT_FILE.read_text("utf-8"))["project"]["version"])
    except (OSError, KeyError, ValueError):
        return UNKNOWN


VERSION = _version()
