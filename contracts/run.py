"""One run: every case of the chosen suites on one target, cleaned up and told as a report."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from time import perf_counter
from typing import Protocol

from contracts.baseline import Baseline, read_baseline
from contracts.coverage import below
from contracts.findings import Finding, Result, Severity, Verdict
from contracts.opening import Opened, opened_run
from contracts.reports.write import require_writable, wanted_files
from contracts.results import CleanUp, Coverage, Report, SuiteTally
from contracts.settings import SETTINGS, Settings
from contracts.stops import RunStopped
from contracts.suites.registry import NAMES, cases_of
from contracts.suites.runner import CaseStopped, run_case
from contracts.suites.session import Case
from mockserver.errors import SetupError
from mockserver.setting_kinds import SECRET
from mockserver.version import VERSION

STOPPED_BY_HAND = "stopped by hand"


class Progress(Protocol):
    """Is told what happens while it happens."""

    def start(self, total: int) -> None: ...
    def case(self, suite: str, operation: str, rule: str) -> None: ...
    def done(self, result: Result) -> None: ...
    def say(self, text: str) -> None: ...
    def stop(self) -> None: ...


def check(settings: Settings, environ: Mapping[str, str], progress: Progress) -> Report:
    """Run, clean up, and tell. Raises SetupError (wrong use) and Unreachable (nothing was tried).

    After Ctrl-C what was created is removed all the same, and the report is incomplete.
    """
    baseline = read_baseline(settings.baseline) if settings.baseline else Baseline()
    require_writable(wanted_files(settings))
    minimums = dict(settings.min_coverage)
    below(Coverage(), minimums)  # raises for names that are wrong, before anything is sent
    started_at, started = datetime.now(UTC), perf_counter()
    with opened_run(settings, environ) as opened:
        cases = chosen_cases(settings, opened)
        results, incomplete = _run_all(opened, cases, progress)
        cleaned = _cleaned(opened, progress)
        coverage = opened.counter.coverage()
        findings = once_each(
            [
                *below(coverage, minimums),
                *(finding for result in results for finding in result.findings),
            ]
        )
        report = Report(
            target=opened.bench.target.name,
            title=opened.bench.yardstick.title,
            document=settings.document,
            seed=settings.seed,
            run_id=opened.run_id,
            started_at=started_at,
            duration_s=perf_counter() - started,
            operations=tuple(one.label for one in opened.bench.yardstick.operations),
            results=tuple(results),
            findings=tuple(_judged(findings, baseline, started_at.date())),
            suites=tuple(_tallies(results)),
            coverage=coverage,
            clean_up=cleaned,
            incomplete=incomplete or _unclean(cleaned),
            strict=settings.strict,
            exchanges=tuple(opened.bench.target.exchanges),
            shown_settings=shown(settings),
            version=VERSION,
            remarks=tuple(_remarks(baseline, findings, started_at.date())),
            fidelity=opened.fidelity,
        )
        return masked(report, opened)


def chosen_cases(settings: Settings, opened: Opened) -> list[Case]:
    """The cases of the chosen suites, without any traffic. Raises SetupError where none is left."""
    bench = opened.bench
    suites = [name for name in NAMES if name in settings.suite or not settings.suite]
    cases = [case for name in suites for case in cases_of(name, bench.yardstick, bench.options)]
    chosen = [c for c in cases if not settings.only or any(part in c.id for part in settings.only)]
    if not cases:
        reason = f"there is nothing to check: the document has no case for {_suites_text(suites)}"
        raise SetupError(reason, place="--suite")
    if not chosen:
        ids = [case.id for case in cases]
        raise SetupError(
            "no case has this in its id", place="--only", value=settings.only[0], known=ids
        )
    return chosen


def once_each(findings: Iterable[Finding]) -> list[Finding]:
    """Every cause once, with how often it came, the weightiest first."""
    first: dict[tuple[str, str, str], Finding] = {}
    counts: dict[tuple[str, str, str], int] = {}
    for finding in findings:
        first.setdefault(finding.key, finding)
        counts[finding.key] = counts.get(finding.key, 0) + finding.count
    order = list(Severity)
    told = [replace(finding, count=counts[key]) for key, finding in first.items()]
    return sorted(told, key=lambda finding: order.index(finding.severity))


def masked(report: Report, opened: Opened) -> Report:
    """*report* without any secret of the run."""
    secrets = opened.bench.actors.secrets
    return replace(
        report,
        target=secrets.text(report.target),
        incomplete=secrets.text(report.incomplete),
        results=tuple(opened.masked(result) for result in report.results),
        findings=tuple(secrets.finding(finding) for finding in report.findings),
        clean_up=replace(
            report.clean_up,
            removed=tuple(map(secrets.text, report.clean_up.removed)),
            left=tuple(map(secrets.text, report.clean_up.left)),
        ),
        exchanges=tuple(secrets.exchange(exchange) for exchange in report.exchanges),
    )


def shown(settings: Settings) -> dict[str, str]:
    """The settings that were given, as people would type them; no secret is among them."""
    plain = Settings()
    told = {}
    for row in SETTINGS.rows:
        value = getattr(settings, row.name)
        if value == getattr(plain, row.name) or row.kind is SECRET:
            continue
        told[row.flag] = _typed(value)
    return told


def _typed(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(
            "=".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in value
        )
    return "on" if value is True else str(value)


def _run_all(opened: Opened, cases: Sequence[Case], progress: Progress) -> tuple[list[Result], str]:
    """The results, and why there are not more of them."""
    results: list[Result] = []
    progress.start(len(cases))
    try:
        for case in cases:
            opened.suite = case.suite
            progress.case(case.suite, case.operation, case.rule)
            results.append(run_case(opened.bench, case))
            progress.done(results[-1])
    except CaseStopped as stop:
        results.append(stop.result)
        return results, str(stop)
    except RunStopped as stop:
        return results, str(stop)
    except KeyboardInterrupt:
        return results, STOPPED_BY_HAND
    finally:
        progress.stop()
    return results, ""


def _cleaned(opened: Opened, progress: Progress) -> CleanUp:
    if opened.ledger.path is not None and opened.ledger.has_entries:
        progress.say("removing what this run created")
    try:
        return opened.clean()
    except KeyboardInterrupt:
        ledger = opened.ledger
        left = f"the clean-up was {STOPPED_BY_HAND}"
        return CleanUp(ledger.created, left=(left,), ledger=str(ledger.path or ""))


def _unclean(cleaned: CleanUp) -> str:
    return "not everything that the run created is known to be gone" if cleaned.left else ""


def _suites_text(suites: Sequence[str]) -> str:
    return "any suite" if len(suites) == len(NAMES) else ", ".join(suites)


def _judged(findings: list[Finding], baseline: Baseline, today: date) -> list[Finding]:
    """Open findings first, then those that the baseline accepts."""
    return sorted(baseline.accept(findings, today), key=lambda finding: bool(finding.accepted))


def _remarks(baseline: Baseline, findings: list[Finding], today: date) -> Iterator[str]:
    for entry in baseline.expired(today):
        yield f"the baseline accepts this no more, its time is over: {entry.text}"
    for entry in baseline.unused(findings):
        yield f"nothing was found that fits this line of the baseline: {entry.text}"


def _tallies(results: Sequence[Result]) -> Iterator[SuiteTally]:
    for name in NAMES:
        mine = [result for result in results if result.suite == name]
        if mine:
            yield SuiteTally(
                name=name,
                cases=len(mine),
                requests=sum(result.requests for result in mine),
                duration_s=sum(result.duration_s for result in mine),
                verdicts={
                    verdict: count
                    for verdict in Verdict
                    if (count := sum(result.verdict is verdict for result in mine))
                },
            )
