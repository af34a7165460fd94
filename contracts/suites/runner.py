"""Runs one case and gives its verdict."""

import time
import traceback

from contracts.findings import Result, Verdict
from contracts.stops import NotJudged, RunStopped
from contracts.suites.session import Bench, Case, Session
from contracts.suites.tidying import tidy


def run_case(bench: Bench, case: Case) -> Result:
    """The verdict on *case*; what it made is taken away again. Raises RunStopped where nothing more
    will be sent, after which what the case had found is on its `result`."""
    session = Session(bench, case)
    started = time.perf_counter()
    reason, is_broken = "", False
    try:
        try:
            _require_actors(bench, case)
            case.run(session)
        except NotJudged as stop:
            reason = str(stop)
        tidy(session)
    except RunStopped as stop:
        raise CaseStopped(str(stop), _result(session, str(stop), False, started)) from stop
    except Exception:
        reason, is_broken = traceback.format_exc(limit=-4), True
    return _result(session, reason, is_broken, started)


class CaseStopped(RunStopped):
    """The run ended in the middle of a case; *result* is what it had by then."""

    def __init__(self, reason: str, result: Result) -> None:
        super().__init__(reason)
        self.result = result


def _require_actors(bench: Bench, case: Case) -> None:
    for name in case.actors:
        if name not in bench.actors:
            raise NotJudged(f"needs the actor {name}: give --as {name}=ENV_VAR")


def _result(session: Session, reason: str, is_broken: bool, started: float) -> Result:
    case = session.case
    verdict, reason = _verdict(session, reason, is_broken)
    return Result(
        suite=case.suite,
        operation=case.operation,
        rule=case.rule,
        verdict=verdict,
        findings=tuple(session.findings),
        reason=reason,
        judgements=session.judgements,
        requests=len(session.exchanges),
        duration_s=time.perf_counter() - started,
        notes=tuple(session.notes),
    )


def _verdict(session: Session, reason: str, is_broken: bool) -> tuple[Verdict, str]:
    if is_broken:
        return Verdict.BROKEN, reason
    if session.findings:
        return Verdict.FAILED, reason
    if reason:
        return Verdict.NOT_JUDGED, reason
    if session.unseen:
        return Verdict.UNSEEN, session.unseen
    if not session.judgements:
        return Verdict.NOT_JUDGED, "judged nothing: no request was sent"
    return Verdict.PASSED, ""
