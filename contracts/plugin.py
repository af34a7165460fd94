"""The suites under pytest: options, and the fixture `contract_case`.

`pytest --pyargs contracts.suites --target URL` runs them as they are. In a suite of one's own:

    # conftest.py
    pytest_plugins = ["contracts.plugin"]

    # test_contract.py
    from contracts.plugin import tests_of

    test_contract = tests_of("examples", "lifecycle", spec="openapi.yaml")
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.baseline import read_baseline
from contracts.door.transports import AsgiApp
from contracts.findings import Result, Verdict
from contracts.opening import Opened, open_run
from contracts.settings import SETTINGS, Settings
from contracts.stops import RunStopped
from contracts.suites.registry import NAMES, cases_of
from contracts.suites.runner import run_case
from contracts.suites.session import Case, Options
from contracts.yardstick import Yardstick, read_yardstick
from mockserver.errors import SetupError

CaseRun = Callable[[], None]
INCOMPLETE = 3
_MARK = "contracts"
_ABOUT_REPORTS = ("html", "junit", "json", "har", "quiet", "min_coverage")
"""Settings that pytest has its own for, or that need a whole run."""
_ROWS = [row for row in SETTINGS.rows if row.name not in _ABOUT_REPORTS]
_YARDSTICKS = pytest.StashKey[dict[tuple[Path | None, tuple[Path, ...], str], Yardstick]]()


def tests_of(*suites: str, **settings: Any) -> Callable[..., None]:
    """A test function that pytest turns into one test for every case of *suites* (none: of all).

    *settings* are fields of `contracts.settings.Settings`; options and environment go before them.
    """

    @pytest.mark.contracts(suites=suites or NAMES, settings=settings)
    def test(contract_case: CaseRun) -> None:
        contract_case()

    return test


setattr(tests_of, "__test__", False)  # noqa: B010 - pytest would take it for a test, by its name


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--target`, and every other setting as `--contract-NAME`."""
    group = parser.getgroup("contracts", "holding a target to its OpenAPI document")
    for row in _ROWS:
        flag = row.flag if row.name == "target" else f"--contract-{row.flag.removeprefix('--')}"
        named: dict[str, Any] = {"dest": f"contract_{row.name}", "help": row.help}
        if row.kind.is_switch:
            group.addoption(flag, action="store_const", const=True, **named)
        elif row.kind.separator:
            group.addoption(flag, action="append", metavar=row.kind.metavar, **named)
        else:
            group.addoption(flag, metavar=row.kind.metavar, **named)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "contracts(suites, settings): one test for every case")
    try:
        settings = settings_of(config, {})
        if settings.spec or settings.overlays:
            _yardstick(config, settings)  # read now: what is wrong with it is told in one line
    except SetupError as error:
        raise pytest.UsageError(f"contracts: {error}") from error


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for every case, with the id `GET /books/{bookId}/rule`."""
    if "contract_case" not in metafunc.fixturenames:
        return
    mark = metafunc.definition.get_closest_marker(_MARK)
    asked: dict[str, Any] = dict(mark.kwargs) if mark else {"suites": NAMES, "settings": {}}
    try:
        settings = settings_of(metafunc.config, asked["settings"])
        yardstick = _yardstick(metafunc.config, settings)
        made = [
            case
            for suite in asked["suites"]
            for case in cases_of(suite, yardstick, options_of(settings))
            if not settings.only or any(part in case.id for part in settings.only)
        ]
    except SetupError as error:
        pytest.exit(f"contracts: {error}", returncode=int(pytest.ExitCode.USAGE_ERROR))
    params = [pytest.param((settings, case), id=_id(case, asked["suites"])) for case in made]
    metafunc.parametrize("contract_case", params, indirect=True)


def settings_of(config: pytest.Config, defaults: dict[str, Any]) -> Settings:
    """The settings from options and environment, above *defaults*. Raises SetupError."""
    flags = {row.name: config.getoption(f"contract_{row.name}") for row in _ROWS}
    file = SETTINGS.config_file(None, os.environ, config.rootpath)
    given = {name: raw for name, raw in flags.items() if raw not in (None, [], ())}
    known = {row.name for row in SETTINGS.rows}
    for name in defaults:
        if name not in known:
            raise SetupError("there is no such setting", value=name, known=known)
    return SETTINGS.load({**defaults, **given}, os.environ, file)


def options_of(settings: Settings) -> Options:
    return Options(seed=settings.seed, quick=settings.quick, examples=settings.examples)


@pytest.fixture(scope="session")
def contract_target() -> str | AsgiApp | None:
    """What is checked, for those who start it in a fixture: a URL, or an ASGI application.

    None: what the settings name.
    """
    return None


@pytest.fixture(scope="session")
def contract_runs(
    contract_target: str | AsgiApp | None,
) -> Iterator[Callable[[Settings], Opened]]:
    """Opens one run for each set of settings, and cleans up after the last test."""
    opened: dict[Settings, Opened] = {}

    def open_once(settings: Settings) -> Opened:
        if settings not in opened:
            app = None if isinstance(contract_target, str) else contract_target
            url = contract_target if isinstance(contract_target, str) else settings.target
            mine = _of_this_worker(replace(settings, target=url))
            opened[settings] = open_run(mine, os.environ, app=app)
        return opened[settings]

    yield open_once
    left = [told for run in opened.values() for told in _closed(run)]
    if left:
        pytest.fail("the run left something behind:\n" + "\n".join(left), pytrace=False)


@pytest.fixture
def contract_case(
    request: pytest.FixtureRequest, contract_runs: Callable[[Settings], Opened]
) -> CaseRun:
    """Runs one case: fails with its findings, is skipped with the reason where it is not judged."""
    settings, case = request.param

    def run() -> None:
        try:
            opened = contract_runs(settings)
            opened.suite = case.suite
            result = run_case(opened.bench, case)
        except SetupError as error:
            pytest.exit(f"contracts: {error}", returncode=int(pytest.ExitCode.USAGE_ERROR))
        except RunStopped as stop:
            pytest.exit(f"contracts: {stop}", returncode=INCOMPLETE)
        judge(accepted(opened.masked(result), settings.baseline), is_strict=settings.strict)

    return run


def accepted(result: Result, baseline: Path | None) -> Result:
    """*result* with the findings that the file *baseline* accepts today marked as such."""
    if baseline is None or not result.findings:
        return result
    today = datetime.now(UTC).date()
    return replace(result, findings=tuple(read_baseline(baseline).accept(result.findings, today)))


def judge(result: Result, *, is_strict: bool) -> None:
    """Turn a result into what pytest knows: passed, failed or skipped."""
    from contracts.reports.terminal import finding_lines  # imports rich; needed where one fails

    findings = [finding for finding in result.findings if not finding.accepted]
    if result.verdict is Verdict.FAILED and not findings:
        pytest.xfail("; ".join(dict.fromkeys(finding.accepted for finding in result.findings)))
    if result.verdict in (Verdict.FAILED, Verdict.BROKEN):
        told = "\n\n".join("\n".join(finding_lines(finding)) for finding in findings)
        pytest.fail("\n\n".join(part for part in (told, result.reason) if part), pytrace=False)
    if result.verdict is Verdict.UNSEEN and is_strict:
        pytest.fail(result.reason, pytrace=False)
    if result.verdict is Verdict.NOT_JUDGED:
        pytest.skip(result.reason)


def _closed(run: Opened) -> tuple[str, ...]:
    """Clean up after *run* and close it; tells what is left."""
    try:
        return run.clean().left
    finally:
        run.close()


def _yardstick(config: pytest.Config, settings: Settings) -> Yardstick:
    """Read once, however many modules are held to it."""
    known = config.stash.setdefault(_YARDSTICKS, {})
    key = settings.spec, settings.overlays or (), settings.document
    if key not in known:
        known[key] = read_yardstick(*key)
    return known[key]


def _id(case: Case, suites: tuple[str, ...]) -> str:
    return case.id if len(suites) == 1 else f"{case.suite}: {case.id}"


def _of_this_worker(settings: Settings) -> Settings:
    """The settings of one of several pytest-xdist workers: its share of rate and budgets."""
    worker, count = os.environ.get("PYTEST_XDIST_WORKER"), _workers()
    if worker is None or count < 2:
        return settings

    def share(whole: int | None) -> int | None:
        return None if whole is None else max(1, whole // count)

    ledger = settings.ledger
    return replace(
        settings,
        rate=share(settings.effective_rate),
        budget=share(settings.budget),
        write_budget=share(settings.write_budget),
        run_id=f"{settings.run_id}-{worker}" if settings.run_id else None,
        ledger=ledger.with_stem(f"{ledger.stem}-{worker}") if ledger else None,
    )


def _workers() -> int:
    return int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
