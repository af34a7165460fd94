"""What a run would send: rehearsed on a mock in this process, without any traffic."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from contracts.exchange import READING, Exchange
from contracts.opening import opened_run
from contracts.run import chosen_cases
from contracts.settings import Settings
from contracts.suites.runner import CaseStopped, run_case
from contracts.yardstick import Yardstick
from mockserver.command_line import aligned

KINDS: Final = ("reads", "creations", "deletions", "other writes")


@dataclass(frozen=True, slots=True)
class Plan:
    """How many requests of each kind go to each operation (by label), with the first look and the
    clean-up. *rate* is in requests a minute, None for no limit; *not_judged* counts cases that
    would not be tried, by their reason; *incomplete* says why the run would end early."""

    target: str
    counts: Mapping[str, Mapping[str, int]]
    rate: int | None
    cases: int
    not_judged: Mapping[str, int]
    incomplete: str = ""

    @property
    def requests(self) -> int:
        return sum(sum(kinds.values()) for kinds in self.counts.values())

    @property
    def minutes(self) -> float | None:
        """How long the requests take at the rate; None without one."""
        return self.requests / self.rate if self.rate else None


def plan(settings: Settings, environ: Mapping[str, str]) -> Plan:
    """Rehearse the run that *settings* ask for. Raises SetupError."""
    with opened_run(settings, environ, is_rehearsal=True) as opened:
        cases = chosen_cases(settings, opened)
        not_judged: Counter[str] = Counter()
        incomplete = ""
        for case in cases:
            try:
                result = run_case(opened.bench, case)
            except CaseStopped as stop:
                incomplete = str(stop)
                break
            if result.reason:
                not_judged[result.reason.partition("\n")[0]] += 1
        exchanges = [*opened.bench.target.exchanges]
        if not settings.is_stub and opened.ledger.has_entries:
            exchanges += opened.rehearse_clean()
        return Plan(
            settings.target,
            counted(exchanges, opened.bench.yardstick),
            settings.effective_rate,
            len(cases),
            dict(not_judged),
            incomplete,
        )


def counted(exchanges: Iterable[Exchange], yardstick: Yardstick) -> dict[str, Counter[str]]:
    """How many requests of each kind went to each operation, in the document's order."""
    counts: dict[str, Counter[str]] = {one.label: Counter() for one in yardstick.operations}
    for exchange in exchanges:
        counts.setdefault(exchange.label, Counter())[_kind(exchange, yardstick)] += 1
    return {label: kinds for label, kinds in counts.items() if kinds}


def _kind(exchange: Exchange, yardstick: Yardstick) -> str:
    if exchange.request.method in READING:
        return "reads"
    operation = exchange.operation
    action = yardstick.resources.get(yardstick.driving(operation).id) if operation else None
    if action is None or action.kind not in ("create", "delete"):
        return "other writes"
    return "creations" if action.kind == "create" else "deletions"


def plan_text(plan: Plan) -> str:
    """The plan as a table, and what it means."""
    rows: list[tuple[str, ...]] = [("operation", *KINDS)]
    for label, kinds in plan.counts.items():
        rows.append((label, *(str(kinds.get(kind, 0) or "") for kind in KINDS)))
    totals = [sum(kinds.get(kind, 0) for kinds in plan.counts.values()) for kind in KINDS]
    rows.append(("all", *map(str, totals)))
    lines = [aligned(rows), "", f"{plan.requests} requests in {plan.cases} cases{_pace(plan)}."]
    if plan.incomplete:
        lines.append(f"The run would end early: {plan.incomplete}")
    for reason, count in sorted(plan.not_judged.items(), key=lambda pair: -pair[1]):
        lines.append(f"{count} case{'s' if count > 1 else ''} would not be judged: {reason}")
    lines.append(f"Nothing was sent to {plan.target}.")
    return "\n".join(lines)


def _pace(plan: Plan) -> str:
    if plan.minutes is None:
        return ""
    return f", about {math.ceil(plan.minutes)} minutes at {plan.rate} a minute"
