"""Findings that somebody has accepted for a while: who, until when, and why."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final

from contracts.findings import Finding
from mockserver.errors import SetupError
from mockserver.model import Json
from mockserver.openapi import read_yaml

_REQUIRED: Final = ("rule", "operation", "owner", "expires")
_KEYS: Final = (*_REQUIRED, "cause", "reason")


@dataclass(frozen=True)
class BaselineEntry:
    """One accepted kind of finding. *rule* is exact; in *operation* and *cause* a `*` stands for
    any text, `?` for one character. It holds to the end of the day *expires* (UTC)."""

    rule: str
    operation: str
    owner: str
    expires: date
    cause: str = "*"
    reason: str = ""

    @property
    def text(self) -> str:
        """`statuses on GET /books (ana, until 2027-01-01)`: how people find it in the file."""
        cause = "" if self.cause in ("", "*") else f", {self.cause}"
        return f"{self.rule} on {self.operation}{cause} ({self.owner}, until {self.expires})"

    def fits(self, finding: Finding) -> bool:
        return (
            self.rule == finding.rule
            and _fits(self._operation, self.operation, finding.operation)
            and _fits(self._cause, self.cause, finding.cause)
        )

    @cached_property
    def _operation(self) -> re.Pattern[str]:
        return _pattern(self.operation)

    @cached_property
    def _cause(self) -> re.Pattern[str]:
        return _pattern(self.cause)


@dataclass(frozen=True)
class Baseline:
    """What is accepted. Without entries nothing is."""

    entries: tuple[BaselineEntry, ...] = ()

    def accept(self, findings: Iterable[Finding], today: date) -> list[Finding]:
        """*findings* in their order; those that an entry accepts *today* say so in `accepted`."""
        return [self._judged(finding, today) for finding in findings]

    def expired(self, today: date) -> tuple[BaselineEntry, ...]:
        """Entries that accept nothing any more."""
        return tuple(entry for entry in self.entries if entry.expires < today)

    def unused(self, findings: Iterable[Finding]) -> tuple[BaselineEntry, ...]:
        """Entries that fit none of *findings*: what they accepted is mended, or they are wrong."""
        found = list(findings)
        return tuple(
            entry for entry in self.entries if not any(entry.fits(finding) for finding in found)
        )

    def _judged(self, finding: Finding, today: date) -> Finding:
        for entry in self.entries:
            if entry.expires >= today and entry.fits(finding):
                why = f": {entry.reason}" if entry.reason else ""
                accepted = f"accepted until {entry.expires} by {entry.owner}{why}"
                return replace(finding, accepted=accepted)
        return finding


def read_baseline(path: Path) -> Baseline:
    """The baseline in a YAML or JSON file: a list of
    `{rule, operation, owner, expires: YYYY-MM-DD, cause?, reason?}`.

    Raises SetupError naming file, entry and, for a wrong key, the nearest right one.
    """
    entries = read_yaml(path)
    if entries is None:
        return Baseline()
    if not isinstance(entries, list):
        reason = "a baseline is a list of entries with " + ", ".join(_REQUIRED)
        raise SetupError(reason, file=path, value=entries)
    return Baseline(tuple(_entry(path, number, one) for number, one in enumerate(entries, 1)))


def write_baseline(findings: Iterable[Finding], owner: str, expires: date) -> str:
    """A baseline file (YAML) that accepts *findings*, each kind once, to be read and thinned out
    by hand."""
    kinds: dict[tuple[str, str, str], Finding] = {}
    for finding in findings:
        kinds.setdefault(finding.key, finding)
    lines = [f"# Findings that {_one_line(owner)} accepts until {expires}: give each its reason."]
    for finding in kinds.values():
        lines += ["", f"# {_one_line(finding.message)}"]
        fields = {
            "rule": finding.rule,
            "operation": finding.operation,
            "cause": finding.cause,
            "owner": owner,
            "expires": str(expires),
            "reason": "",
        }
        told = [f"{name}: {json.dumps(text)}" for name, text in fields.items()]
        lines += [f"- {told[0]}", *(f"  {one}" for one in told[1:])]
    return "\n".join(lines if kinds else [*lines, "[]"]) + "\n"


def _entry(path: Path, number: int, entry: Json) -> BaselineEntry:
    place = f"entry {number}"
    if not isinstance(entry, dict):
        reason = "an entry is an object with " + ", ".join(_REQUIRED)
        raise SetupError(reason, file=path, place=place, value=entry)
    for key in entry:
        if key not in _KEYS:
            reason = "there is no such key in an entry"
            raise SetupError(reason, file=path, place=place, value=key, known=_KEYS)
    texts = {key: _text(path, place, key, entry.get(key)) for key in _KEYS if key in entry}
    for key in _REQUIRED:
        if not texts.get(key, "").strip():
            raise SetupError(f"needs {key!r}", file=path, place=place)
    expires = _date(path, place, texts.pop("expires"))
    return BaselineEntry(**texts, expires=expires)


def _text(path: Path, place: str, key: str, value: Json) -> str:
    if not isinstance(value, str):
        reason = f"{key!r} must be a text"
        raise SetupError(reason, file=path, place=place, value=value)
    return value


def _date(path: Path, place: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        reason = "'expires' must be a date like 2027-01-31"
        raise SetupError(reason, file=path, place=place, value=text) from None


def _fits(pattern: re.Pattern[str], exact: str, text: str) -> bool:
    return exact == text or pattern.fullmatch(text) is not None


def _pattern(glob: str) -> re.Pattern[str]:
    """Only `*` and `?` are special: operations and causes have brackets of their own."""
    parts = {"*": ".*", "?": "."}
    return re.compile("".join(parts.get(c) or re.escape(c) for c in glob), re.DOTALL)


def _one_line(text: str) -> str:
    return " ".join(text.split())
