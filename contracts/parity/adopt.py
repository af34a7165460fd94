"""Proposes quirks: from each difference that nothing explains, an entry for `spec/quirks.yaml`.

What is proposed is for people to judge and to name; the mock then plays it only when somebody
writes the rule, or an overlay action that tells it.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import yaml

from contracts.parity.difference import Kind
from contracts.parity.steps import Call, calls_of
from contracts.parity.story import Masks, lines_of
from contracts.parity.twin import Divergence
from contracts.reports.write import write
from mockserver.errors import SetupError
from mockserver.model import Document
from mockserver.openapi import bundled_spec_dir, load_quirks

_HEAD: Final = """\
# Proposed by `contracts compare`: where {right} departs from {left}.
# For people to judge: give each a name that says what it is, and move it to the table of quirks.

"""
_ANY: Final = "*"
_LONGEST_NAME: Final = 60
_LONGEST: Final = 160


def adopt(
    file: Path,
    divergences: Iterable[Divergence],
    masks: Masks,
    *,
    sides: tuple[str, str],
    day: date,
    taken: Sequence[str] = (),
) -> int:
    """Write *file* with an entry for each confirmed difference that no quirk explains, and tell
    how many. Names in *taken* are not used. Raises SetupError where the file cannot be written, or
    what was written does not load as a table of quirks."""
    used = set(taken)
    entries = []
    for members in _alike(one for one in divergences if _is_proposed(one)):
        name = _unused(_name(members[0]), used)
        used.add(name)
        entries.append(_entry(name, members, masks, sides, day))
    head = _HEAD.format(left=masks.text(sides[0]), right=masks.text(sides[1]))
    text = yaml.safe_dump({"quirks": entries}, sort_keys=False, allow_unicode=True, width=100)
    write(file, head + text)
    load_quirks(file)
    return len(entries)


def _is_proposed(divergence: Divergence) -> bool:
    """Being slow is no departure from the document."""
    return not divergence.quirks and divergence.cause.kind is not Kind.TIME


def _alike(divergences: Iterable[Divergence]) -> list[list[Divergence]]:
    """What differs alike in several operations together."""
    found: dict[tuple[str, ...], list[Divergence]] = {}
    for one in divergences:
        said = one.cause.said
        found.setdefault((one.cause.kind, one.cause.place, said), []).append(one)
    return list(found.values())


def _entry(
    name: str,
    members: Sequence[Divergence],
    masks: Masks,
    sides: tuple[str, str],
    day: date,
) -> Document:
    first = min(members, key=lambda one: len(one.story))
    return {
        "name": name,
        "operations": _operations(members),
        "documented": masks.text(_said(first, first.difference.expected)),
        "observed": masks.text(_said(first, first.difference.actual)),
        "evidence": _evidence(first, masks, sides, day),
        "profile": "none",
    }


def _operations(members: Sequence[Divergence]) -> list[str]:
    """The ids of the operations that showed it; of all, where the document has none of them."""
    ids: dict[str, None] = {}
    for one in members:
        for call in calls_of(one.meeting.step):
            if call.operation is not None:
                ids[call.operation.id] = None
    return list(ids) or [_ANY]


def _said(divergence: Divergence, text: str) -> str:
    kind, place = divergence.difference.kind, divergence.difference.place
    where = f"{kind} at {place}" if place else str(kind)
    return f"{where}: {_cut(text) or '(empty)'}"


def _evidence(divergence: Divergence, masks: Masks, sides: tuple[str, str], day: date) -> str:
    """Date, targets, and the exchanges of the shortest story."""
    left, right = (masks.text(side) for side in sides)
    told = [f"{day.isoformat()}, {right} beside {left}, met {divergence.count} times:"]
    for line in lines_of(divergence.story, masks, _LONGEST):
        is_same = line.left == line.right
        answers = line.left if is_same else f"{left}: {line.left}; {right}: {line.right}"
        told.append(f"({line.number}) {line.sent} -> {answers}")
    return " ".join(told)


def _name(divergence: Divergence) -> str:
    """`post-private-links-status-400-not-201`, a suggestion."""
    calls, difference = calls_of(divergence.meeting.step), divergence.difference
    words = [calls[0].method, *_words(calls[0])] if calls else ["use-private-link"]
    words += ["at-once"] if len(calls) > 1 else []
    tail = [str(difference.kind), *difference.place.split("/")]
    if difference.kind == "status":
        tail += [difference.actual, "not", difference.expected]
    plain = re.sub(r"[^a-z0-9]+", "-", "-".join([*words, *tail]).lower()).strip("-")
    return plain[:_LONGEST_NAME].rstrip("-")


def _words(call: Call) -> list[str]:
    """The last of the path's fixed parts."""
    template = call.operation.path if call.operation else "unknown"
    fixed = [part for part in template.split("/") if part and not part.startswith("{")]
    return fixed[-1:]


def _unused(name: str, used: set[str]) -> str:
    number, found = 2, name
    while found in used:
        found, number = f"{name}-{number}", number + 1
    return found


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def require_no_table(file: Path) -> None:
    """Raise SetupError where *file* is the mock's own table of quirks."""
    own = bundled_spec_dir() / "quirks.yaml"
    if file.exists() and own.exists() and file.samefile(own):
        reason = "is the mock's own table: proposals are written to a file of their own"
        raise SetupError(reason, file=file, place="--adopt")
