"""What a twin run found, for people at a terminal."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from contracts.parity.story import Line, lines_of
from contracts.parity.twin import Divergence
from contracts.parity.twin_run import TwinReport
from contracts.reports.printable import one_line, visible

_SHOWN: Final = 40
_SHOWN_OPERATIONS: Final = 3
_SHOWN_CAUSES: Final = 3
_LONGEST: Final = 160


def twin_text(report: TwinReport, width: int = 80, *, is_brief: bool = False) -> str:
    """The whole report, in lines of about *width* columns; without the stories of what quirks
    explain, and what was not covered, where *is_brief*."""
    lines = [_headline(report), ""]
    merged = merge(report.unexplained)
    for number, members in enumerate(merged[:_SHOWN], 1):
        lines += [*_divergence(number, members, report, width), ""]
    if len(merged) > _SHOWN:
        lines += [f"{len(merged) - _SHOWN} more differences: see --json", ""]
    for names, members in sorted(report.by_quirk.items()):
        lines += [*_quirk(names, members, report, width, is_brief=is_brief), ""]
    lines += [line for text in report.remarks for line in _wrapped(text, width, "note: ")]
    if not is_brief and report.unseen:
        lines += _wrapped("; ".join(report.unseen), width, "never called: ")
    for cleaned in report.clean_ups:
        lines += [f"left: {visible(text)}" for text in cleaned.left]
    return "\n".join(lines).rstrip() + "\n"


def merge(divergences: Sequence[Divergence]) -> list[list[Divergence]]:
    """What differs alike in several operations together, the weightiest and shortest first."""
    found: dict[tuple[str, ...], list[Divergence]] = {}
    for one in divergences:
        difference = one.difference
        key = (difference.kind, difference.place, difference.expected, difference.actual)
        found.setdefault(key, []).append(one)
    kinds = list(type(divergences[0].difference.kind)) if divergences else []
    return sorted(
        found.values(),
        key=lambda members: (
            kinds.index(members[0].difference.kind),
            min(len(one.story) for one in members),
        ),
    )


def _headline(report: TwinReport) -> str:
    told = (
        f"{report.left} and {report.right}: {_counted(report.sent, 'step')} in "
        f"{_counted(report.episodes, 'sequence')}, seed {report.seed}"
    )
    quirks = {name for names in report.by_quirk for name in names}
    parts = [_counted(len(merge(report.unexplained)), "unexplained difference")]
    if quirks:
        parts.append(f"{_counted(len(quirks), 'quirk')} by name")
    verdict = ", ".join(parts) if report.divergences else "no difference"
    if report.incomplete:
        verdict = f"{verdict}; incomplete: {visible(report.incomplete)}"
    return f"{told}\n{verdict}"


def _divergence(
    number: int, members: Sequence[Divergence], report: TwinReport, width: int
) -> Iterator[str]:
    first = min(members, key=lambda one: len(one.story))
    times = sum(one.count for one in members)
    operations = list(dict.fromkeys(label for one in members for label in one.operations))
    yield f"{number}. {_what(first)}: {_counted(times, 'time')}"
    yield from (f"   {visible(label)}" for label in operations[:_SHOWN_OPERATIONS])
    if len(operations) > _SHOWN_OPERATIONS:
        yield f"   and {len(operations) - _SHOWN_OPERATIONS} more operations"
    yield from _sides(first, report, width)
    yield from _story(first, report, width)


def _quirk(
    names: Sequence[str],
    members: Sequence[Divergence],
    report: TwinReport,
    width: int,
    *,
    is_brief: bool,
) -> Iterator[str]:
    times = sum(one.count for one in members)
    yield f"quirk {' and '.join(names)}: explains {_counted(times, 'difference')}"
    if is_brief:
        return
    shown = merge(members)[:_SHOWN_CAUSES]
    for group in shown:
        first = min(group, key=lambda one: len(one.story))
        yield f"   {_what(first)}  ({visible(first.meeting.step.label)})"
        yield from _sides(first, report, width)
    first = min(members, key=lambda one: len(one.story))
    yield from _story(first, report, width)


def _what(divergence: Divergence) -> str:
    place = f" at {visible(divergence.difference.place)}" if divergence.difference.place else ""
    return f"{divergence.difference.kind}{place}"


def _sides(divergence: Divergence, report: TwinReport, width: int) -> Iterator[str]:
    difference = divergence.difference
    for side, text in (("left ", difference.expected), ("right", difference.actual)):
        yield from _wrapped(one_line(report.masks.text(text), _LONGEST), width, f"     {side}  ")


def _story(divergence: Divergence, report: TwinReport, width: int) -> Iterator[str]:
    told = "the shortest story" if divergence.is_shrunk else "the story"
    yield f"   {told} that shows it:"
    for line in lines_of(divergence.story, report.masks):
        yield from _line(line, width)


def _line(line: Line, width: int) -> Iterator[str]:
    who = f"{line.actor}: " if line.actor else ""
    yield from _wrapped(one_line(who + line.sent, 2 * _LONGEST), width, f"   {line.number:>4}. ")
    if line.left == line.right:
        yield from _wrapped(one_line(line.left, _LONGEST), width, "         both   ")
        return
    yield from _wrapped(one_line(line.left, _LONGEST), width, "         left   ")
    yield from _wrapped(one_line(line.right, _LONGEST), width, "         right  ")


def _wrapped(text: str, width: int, prefix: str) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=prefix,
        subsequent_indent=" " * len(prefix),
        break_on_hyphens=False,
    ) or [prefix.rstrip()]


def _counted(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"
