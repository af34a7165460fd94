"""What every page for people has in common: one file, with its style and script, and no network."""

import base64
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from contracts.reports.printable import visible
from contracts.reports.summary import counted, seconds

_STYLE: Final = "report.css"
_SCRIPT: Final = "report.js"


def page(template: str, more_styles: Sequence[str] = (), **values: Any) -> str:
    """The whole page. *values* are those of *template* and of `page.html`, which it extends; all
    texts among them are escaped."""
    style, script = _text(_STYLE, *more_styles), _text(_SCRIPT)
    dress = {"style": Markup(style), "script": Markup(script), "policy": _policy(style, script)}
    return _environment().get_template(template).render(**dress, **values)


def _policy(style: str, script: str) -> str:
    """Only this very script and style, and no traffic at all."""
    return (
        f"default-src 'none'; script-src 'sha256-{_hash(script)}'; "
        f"style-src 'sha256-{_hash(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return base64.b64encode(sha256(text.encode()).digest()).decode()


@cache
def _text(*names: str) -> str:
    folder = files("contracts.reports").joinpath("templates")
    return "".join(folder.joinpath(name).read_text(encoding="utf-8") for name in names)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("contracts.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        shown=visible, breakable=_breakable, counted=counted, seconds=seconds
    )
    return environment


def _breakable(text: str) -> Markup:
    """*text* that may go on in a new line before every slash."""
    return Markup("<wbr>/").join(escape(part) for part in visible(text).split("/"))
