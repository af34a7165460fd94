"""Quirks: named places where the real server departs from its document.

One file, `spec/quirks.yaml`, is the only list of them. Code asks `quirks.has("name")` at the one
point where it matters; a quirk may also carry overlay actions, so that the document served and
checked against says what the server with that quirk does.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mockserver.errors import SetupError
from mockserver.model import Document, Json
from mockserver.openapi.overlay import check_action
from mockserver.openapi.reading import read_yaml

PROFILES = ("documented", "observed")

_ENTRY_KEYS = ("name", "operations", "documented", "observed", "evidence", "profile", "actions")
_TEXTS = ("name", "documented", "observed", "evidence")


@dataclass(frozen=True, slots=True)
class Quirk:
    """One departure. *in_observed* tells whether the observed profile has it."""

    name: str
    operations: tuple[str, ...]
    documented: str
    observed: str
    evidence: str
    in_observed: bool
    actions: tuple[Document, ...]


class Quirks:
    """The quirks that are on."""

    def __init__(self, active: Iterable[str] = ()) -> None:
        self.active = frozenset(active)

    def has(self, name: str) -> bool:
        return name in self.active


class QuirkTable:
    """All known quirks by name, in the file's order."""

    def __init__(self, quirks: Sequence[Quirk] = ()) -> None:
        self.by_name: Mapping[str, Quirk] = {quirk.name: quirk for quirk in quirks}

    def choose(self, profile: str, names: Iterable[str] = ()) -> Quirks:
        """Those of *profile* and those *names*. Raises SetupError on an unknown one."""
        if profile not in PROFILES:
            raise SetupError("unknown profile", value=profile, known=PROFILES)
        active = {name for name in self.by_name if self._is_in(profile, name)}
        for name in names:
            if name not in self.by_name:
                raise SetupError("unknown quirk", value=name, known=self.by_name)
            active.add(name)
        return Quirks(active)

    def actions(self, quirks: Quirks) -> list[Document]:
        """The overlay actions of the active quirks, in the file's order."""
        return [
            action
            for quirk in self.by_name.values()
            if quirks.has(quirk.name)
            for action in quirk.actions
        ]

    def _is_in(self, profile: str, name: str) -> bool:
        return profile == "observed" and self.by_name[name].in_observed


def load_quirks(path: Path | None) -> QuirkTable:
    """Read the table; no file, no quirks. Raises SetupError.

    The file: `quirks: [{name, operations: [id or "*"], documented, observed, evidence,
    profile: observed | none, actions: [overlay action]}]`; the last two may be left out.
    """
    if path is None:
        return QuirkTable()
    content = read_yaml(path)
    if not isinstance(content, dict) or list(content) != ["quirks"]:
        raise SetupError("the file must hold one key, `quirks`", file=path)
    entries = content["quirks"] or []
    if not isinstance(entries, list):
        raise SetupError("`quirks` must be a list", file=path, place="quirks")
    quirks: list[Quirk] = []
    for number, entry in enumerate(entries, 1):
        quirk = _quirk(entry, path, f"quirk {number}")
        if any(quirk.name == other.name for other in quirks):
            reason = "this name is used twice"
            raise SetupError(reason, file=path, place=f"quirk {number}", value=quirk.name)
        quirks.append(quirk)
    return QuirkTable(quirks)


def check_quirk_operations(
    table: QuirkTable, known_ids: Collection[str], file: object = None
) -> None:
    """Raise SetupError where a quirk names an operation that is not among *known_ids*."""
    for quirk in table.by_name.values():
        for operation_id in quirk.operations:
            if operation_id != "*" and operation_id not in known_ids:
                reason = "unknown operation"
                place = f"quirk {quirk.name}"
                raise SetupError(
                    reason, file=file, place=place, value=operation_id, known=known_ids
                )


def _quirk(entry: Json, path: Path, place: str) -> Quirk:
    if not isinstance(entry, dict):
        raise SetupError("a quirk is an object", file=path, place=place, value=entry)
    for key in entry:
        if key not in _ENTRY_KEYS:
            raise SetupError("unknown key", file=path, place=place, value=key, known=_ENTRY_KEYS)
    for key in _TEXTS:
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise SetupError(f"`{key}` must be a text", file=path, place=place)
    place = f"quirk {entry['name']}"
    operations = entry.get("operations")
    if not isinstance(operations, list) or not operations:
        raise SetupError("`operations` must be a list with entries", file=path, place=place)
    profile = entry.get("profile", "observed")
    if profile not in ("observed", "none"):
        known = ("observed", "none")
        raise SetupError("unknown profile", file=path, place=place, value=profile, known=known)
    actions = entry.get("actions", [])
    if not isinstance(actions, list):
        raise SetupError("`actions` must be a list", file=path, place=place)
    for number, action in enumerate(actions, 1):
        check_action(action, number, f"{path}: {place}")
    return Quirk(
        name=entry["name"],
        operations=tuple(str(operation) for operation in operations),
        documented=entry["documented"].strip(),
        observed=entry["observed"].strip(),
        evidence=entry["evidence"].strip(),
        in_observed=profile == "observed",
        actions=tuple(actions),
    )
