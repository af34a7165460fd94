"""How far a target agrees with a recording, for people at a terminal."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from contracts.parity.agreement import Compared, Group, ParityReport, Tally
from contracts.parity.difference import Kind
from contracts.reports.printable import one_line, visible

_SHOWN_GROUPS: Final = 60
_SHOWN_SEQS: Final = 20
_LABELS: Final = {
    Kind.STATUS: "status",
    Kind.MESSAGE: "message",
    Kind.SHAPE: "shape",
    Kind.VALUE: "values",
    Kind.WRITING: "writing",
    Kind.HEADER: "headers",
}


def parity_text(report: ParityReport, width: int = 80, *, is_brief: bool = False) -> str:
    """The whole report, in lines of about *width* columns; only the verdict and the open
    differences where *is_brief*."""
    lines = [_headline(report), ""]
    if not is_brief:
        lines += [*_table(report), ""]
    shown = report.open_groups
    for number, group in enumerate(shown[:_SHOWN_GROUPS], 1):
        lines += [*_group(number, group, width), ""]
    if len(shown) > _SHOWN_GROUPS:
        lines += [f"{len(shown) - _SHOWN_GROUPS} more differences: see --json", ""]
    if not is_brief:
        lines += [*_quirks(report.explained_groups, width), *_accepted(report, width)]
    lines += _left_out(report.left_out, width)
    lines += [line for remark in report.remarks for line in _wrapped(remark, width, "note: ")]
    lines += [line for left in report.clean_up.left for line in _wrapped(left, width, "left: ")]
    return "\n".join(lines).rstrip() + "\n"


def _headline(report: ParityReport) -> str:
    total, count = report.total, len(report.open_groups)
    told = f"{total.wholly} of {total.exchanges} exchanges agree wholly with {report.target}"
    verdict = _counted(count, "open difference") if count else "no open difference"
    if report.incomplete:
        return f"incomplete: {report.incomplete}\n{told}; {verdict}"
    return f"{told}; {verdict}"


def _table(report: ParityReport) -> Iterator[str]:
    """Exchanges that agree, by recording and kind."""
    head = ("recording", "exchanges", "sent", "wholly", *_LABELS.values())
    rows = [head, *(_row(one) for one in report.tallies)]
    if len(report.tallies) > 1:
        rows.append(_row(report.total))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        first, *numbers = row
        cells = (text.rjust(size) for text, size in zip(numbers, widths[1:], strict=True))
        yield "  ".join([first.ljust(widths[0]), *cells])


def _row(one: Tally) -> tuple[str, ...]:
    numbers = (one.exchanges, one.sent, one.wholly, *(one.by_kind[kind] for kind in _LABELS))
    return (visible(one.name), *map(str, numbers))


def _group(number: int, group: Group, width: int) -> Iterator[str]:
    first, count = group.first, len(group.members)
    place = f" at {first.place}" if first.place else ""
    yield f"{number}. {first.kind}{place}: {_counted(count, 'exchange')} ({_seqs(group.seqs)})"
    for operation in group.operations[:3]:
        yield f"   {visible(operation)}"
    if len(group.operations) > 3:
        yield f"   and {len(group.operations) - 3} more operations"
    yield from _wrapped(one_line(first.expected), width, "   recorded  ")
    yield from _wrapped(one_line(first.actual), width, "   now       ")
    if group.explained:
        told = ", ".join(
            f"{name} ({len(seqs)} of {count})" if len(seqs) < count else name
            for name, seqs in group.explained.items()
        )
        yield from _wrapped(told, width, "   quirk     ")


def _quirks(groups: Sequence[Group], width: int) -> Iterator[str]:
    """For each quirk what it explains: one of its differences, and in how many exchanges."""
    seqs_of: dict[str, set[int]] = {}
    examples: dict[str, Group] = {}
    for group in groups:
        for name, seqs in group.explained.items():
            seqs_of.setdefault(name, set()).update(seqs)
            examples.setdefault(name, group)
    for name, held in sorted(seqs_of.items(), key=lambda pair: -len(pair[1])):
        yield f"{name} explains {_counted(len(held), 'exchange')} ({_seqs(sorted(held))})"
        first = examples[name].first
        place = f" at {first.place}" if first.place else ""
        told = f"{first.kind}{place}: recorded {first.expected}, now {first.actual}"
        yield from _wrapped(one_line(told), width, "   such as   ")
        yield ""


def _accepted(report: ParityReport, width: int) -> Iterator[str]:
    for group in report.accepted_groups:
        yield f"accepted: {_counted(len(group.members), 'exchange')} ({_seqs(group.seqs)})"
        yield from _wrapped(group.accepted, width, "   why       ")
        yield ""


def _seqs(seqs: Sequence[int]) -> str:
    return ", ".join(map(str, seqs[:_SHOWN_SEQS])) + (", …" if len(seqs) > _SHOWN_SEQS else "")


def _left_out(left: Sequence[Compared], width: int) -> Iterator[str]:
    reasons: dict[str, list[int]] = {}
    for one in left:
        reasons.setdefault(one.reason, []).append(one.recorded.seq)
    for reason, seqs in reasons.items():
        yield f"not sent: {_counted(len(seqs), 'exchange')} ({_seqs(seqs)})"
        yield from _wrapped(reason, width, "   why       ")
    if reasons:
        yield ""


def _wrapped(text: str, width: int, begin: str) -> list[str]:
    return textwrap.wrap(
        visible(text), max(width, 40), initial_indent=begin, subsequent_indent=" " * len(begin)
    ) or [begin.rstrip()]


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")
