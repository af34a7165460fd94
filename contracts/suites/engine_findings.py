"""What schemathesis found, in our words."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from schemathesis import Case
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.openapi.checks import (
    AllowHeaderMismatch,
    EnsureResourceAvailability,
    IgnoredAuth,
    MissingHeaderNotRejected,
    RejectedPositiveData,
    UnsupportedMethodResponse,
    UseAfterFree,
)

from contracts.exchange import Exchange
from contracts.findings import Finding, Severity
from contracts.suites.session import answer_text
from mockserver.model import Json

_PLACES: Final = 3
_BEYOND: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Telling:
    """How one kind of failure is told. *place* says where in the request it lies, if anywhere."""

    rule: str
    severity: Severity
    message: str
    expected: str
    source: str
    cause: str = ""
    place: str = ""


def findings_of(
    recorders: Iterable[ScenarioRecorder],
    exchanges: Mapping[str, Exchange],
    references: Collection[str] = (),
) -> list[Finding]:
    """Each cause once, with how often it came. *exchanges* are by the id of a test case;
    *references* are names of properties that hold the id of some resource."""
    first: dict[tuple[str, str, str], Finding] = {}
    counts: dict[tuple[str, str, str], int] = {}
    places: dict[tuple[str, str, str], list[str]] = {}
    for finding, place in _each(recorders, exchanges, references):
        first.setdefault(finding.key, finding)
        counts[finding.key] = counts.get(finding.key, 0) + 1
        seen = places.setdefault(finding.key, [])
        if place and place not in seen:
            seen.append(place)
    return [
        replace(one, count=counts[key], message=one.message + _also(places[key][1:]))
        for key, one in first.items()
    ]


def _also(places: list[str]) -> str:
    if not places:
        return ""
    more = f" and {len(places) - _PLACES} more" if len(places) > _PLACES else ""
    return f" So it is with {', '.join(places[:_PLACES])}{more}."


def _each(
    recorders: Iterable[ScenarioRecorder],
    exchanges: Mapping[str, Exchange],
    references: Collection[str],
) -> Iterator[tuple[Finding, str]]:
    for recorder in recorders:
        for case_id, checks in recorder.checks.items():
            for check in checks:
                if check.failure_info is None:
                    continue
                failure = check.failure_info.failure
                finding, place = _finding(check.name, failure, case_id, recorder, exchanges)
                exchange = finding.exchange
                if _is_about_the_body(failure, exchange) or _is_elsewhere(
                    failure, exchange, references
                ):
                    continue
                yield finding, place


def _is_elsewhere(failure: Failure, exchange: Exchange | None, references: Collection[str]) -> bool:
    """Whether the refusal of data that fits its schema may have a reason that no schema can say:
    it names something that does not exist, or a number that 64 bits do not hold."""
    if not isinstance(failure, RejectedPositiveData) or exchange is None:
        return False
    body = exchange.request.json
    names = set(body) if isinstance(body, dict) else set()
    return (
        bool(names & set(references))
        or _is_beyond(body)
        or _is_beyond(
            [int(text) for text in exchange.path_values.values() if text.lstrip("-").isdecimal()]
        )
    )


def _is_beyond(value: Json) -> bool:
    if isinstance(value, dict):
        return any(map(_is_beyond, value.values()))
    if isinstance(value, list):
        return any(map(_is_beyond, value))
    return isinstance(value, int | float) and abs(value) >= _BEYOND


def _is_about_the_body(failure: Failure, exchange: Exchange | None) -> bool:
    """Whether a 404 may speak of something that the body names (a schedule, a user), and not of
    the thing that was created. Requests without a body tell whether that one is there."""
    is_missing = isinstance(failure, EnsureResourceAvailability)
    return is_missing and exchange is not None and exchange.request.body is not None


def _finding(
    check: str,
    failure: Failure,
    case_id: str,
    recorder: ScenarioRecorder,
    exchanges: Mapping[str, Exchange],
) -> tuple[Finding, str]:
    shown_id = failure.case_id or case_id
    exchange = exchanges.get(shown_id) or exchanges.get(case_id)
    told = _telling(check, failure, recorder.cases[case_id].value)
    related = failure.related_case_ids()
    chain = recorder.iter_chain_cases(case_id=case_id, related_case_ids=related)
    before = [exchanges[one.id] for one in chain if one.id in exchanges]
    finding = Finding(
        rule=told.rule,
        operation=exchange.label if exchange else failure.operation or recorder.label,
        severity=told.severity,
        message=told.message,
        expected=told.expected,
        source=told.source,
        came=answer_text(exchange) if exchange else "",
        exchange=exchange,
        story=tuple(one for one in before if one is not exchange),
        cause=told.cause,
    )
    return finding, told.place


def _telling(check: str, failure: Failure, case: Case[Any]) -> Telling:
    match failure:
        case AcceptedNegativeData():
            return _accepted(case)
        case RejectedPositiveData():
            return _refused(failure)
        case MissingHeaderNotRejected():
            return _header_missing(failure)
        case UnsupportedMethodResponse() | AllowHeaderMismatch():
            return _method(failure)
        case IgnoredAuth():
            return _unprotected(failure)
        case UseAfterFree() | EnsureResourceAvailability():
            return _state(failure)
    return Telling(
        rule=f"schemathesis-{check.replace('_', '-')}",
        severity=Severity.MEDIUM,
        message=f"{failure.title}.",
        expected=f"that schemathesis' check {check} passes",
        source=f"schemathesis {failure.code}",
    )


def _accepted(case: Case[Any]) -> Telling:
    place, how, where = _wrong(case)
    return Telling(
        rule="bad-data-accepted",
        severity=Severity.MEDIUM,
        message=f"A request that the document does not allow is accepted: {place} is wrong "
        f"({how}). Refuse it with 400, or allow it in the document.",
        expected="400, or another status that refuses",
        source="document, the schemas of the operation's parameters and body",
        cause=f"{where}: {how}",
        place=place,
    )


def _wrong(case: Case[Any]) -> tuple[str, str, str]:
    """Which part of a request is wrong, how, and in which of path, query, header or body."""
    data = case.meta.phase.data if case.meta is not None else None
    if data is None:
        return "a part of it", "not as documented", "request"
    where = data.parameter_location.value if data.parameter_location else "request"
    scenario = getattr(data, "scenario", None)
    how = scenario.value.replace("_", " ") if scenario is not None else "generated"
    if where != "body":
        return f"{where} {data.parameter}" if data.parameter else f"the {where}", how, where
    return (f"{data.location} of the body" if data.location else "the body"), how, where


def _refused(failure: RejectedPositiveData) -> Telling:
    return Telling(
        rule="good-data-refused",
        severity=Severity.MEDIUM,
        message=f"A request that the document allows is refused with {failure.status_code}: accept "
        "it, or say in the document what is not allowed.",
        expected="a success, or an error that is not about the request's form",
        source="document, the schemas of the operation's parameters and body",
        cause=str(failure.status_code),
    )


def _header_missing(failure: MissingHeaderNotRejected) -> Telling:
    return Telling(
        rule="missing-header-accepted",
        severity=Severity.MEDIUM,
        message=f"The header {failure.header_name} is required, and without it the request is "
        "accepted: refuse it, or make the header optional in the document.",
        expected=f"one of {', '.join(map(str, failure.expected_statuses))}",
        source="document, the operation's parameters",
        cause=failure.header_name,
    )


def _method(failure: UnsupportedMethodResponse | AllowHeaderMismatch) -> Telling:
    if isinstance(failure, UnsupportedMethodResponse):
        rule = "undocumented-method-not-refused"
        message = (
            f"{failure.method} is not documented for this path: answer it with 405 and the header "
            "Allow."
        )
        cause = failure.failure_reason
    else:
        rule = "allow-header-wrong"
        message = "The header Allow does not name the methods that the document has for this path."
        cause = ""
    return Telling(
        rule=rule,
        severity=Severity.LOW,
        message=message,
        expected="405, and Allow with exactly the documented methods",
        source="RFC 9110 section 15.5.6",
        cause=cause,
    )


def _unprotected(failure: IgnoredAuth) -> Telling:
    how = {"no_auth": "without a credential", "invalid_auth": "with a wrong credential"}
    shown = how.get(failure.scenario.value, "with a made-up credential")
    return Telling(
        rule="credential-not-checked",
        severity=Severity.HIGH,
        message=f"The operation is protected, and it answers {shown}: refuse with 401.",
        expected="401",
        source="document, the operation's security",
        cause=shown,
    )


def _state(failure: UseAfterFree | EnsureResourceAvailability) -> Telling:
    if isinstance(failure, UseAfterFree):
        return Telling(
            rule="used-after-delete",
            severity=Severity.HIGH,
            message=f"What {failure.free} deleted is still there for {failure.usage}: a deleted "
            "thing is gone.",
            expected="404",
            source="RFC 9110 section 9.3.5",
            cause=failure.free,
        )
    return Telling(
        rule="created-not-found",
        severity=Severity.HIGH,
        message=f"What {failure.created_with} has just created is not there for "
        f"{failure.not_available_with}.",
        expected="the thing that was created",
        source="RFC 9110 section 15.3.2",
        cause=failure.created_with,
    )
