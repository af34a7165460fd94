"""A report with everything in it: each severity and verdict, hostile and very long content."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from contracts.exchange import Exchange, Headers, Request, Response
from contracts.findings import Finding, Result, Severity, Verdict
from contracts.results import BranchTally, Cell, CleanUp, Coverage, Measure, Report, SuiteTally
from mockserver.model import Json

SUITES: Final = ("examples", "variants", "lifecycle", "auth", "fuzz", "stateful")
_USER: Final = "/v2/event-types"
_TEAM: Final = "/v2/organizations/{orgId}/teams/{teamId}/event-types"
_PATHS: Final = (
    _USER,
    f"{_USER}/{{eventTypeId}}",
    f"{_USER}/{{eventTypeId}}/private-links",
    f"{_USER}/{{eventTypeId}}/private-links/{{linkId}}",
    _TEAM,
    f"{_TEAM}/{{eventTypeId}}",
    f"{_TEAM}/{{eventTypeId}}/private-links",
    f"{_TEAM}/{{eventTypeId}}/private-links/{{linkId}}",
)
OPERATIONS: Final = tuple(
    f"{method} {path}"
    for path in _PATHS
    for method in (("GET", "PATCH", "DELETE") if path.endswith("}") else ("GET", "POST"))
)
LIST, CREATE, READ = OPERATIONS[0], OPERATIONS[1], OPERATIONS[2]
LINKS, NEW_LINK = OPERATIONS[5], OPERATIONS[6]
STARTED_AT: Final = datetime(2030, 1, 1, 8, tzinfo=UTC)
HOSTILE: Final = (
    "</script><script>window.__owned = 1</script><img src=x onerror=window.__owned=1>"
    "'\"`${7*7}{{7*7}}\x1b[31m\x00\x07 \u202egnp.exe\u202c ]]> --> ::error::owned %0A"
)
_KEY: Final[Headers] = (
    ("Accept", "application/json"),
    ("Authorization", "Bearer $OWNER_KEY"),
    ("cal-api-version", "2024-06-14"),
)


def exchange(
    method: str = "GET",
    target: str = "/v2/event-types/7",
    status: int = 200,
    answer: Json | bytes = None,
    *,
    sent: Json | bytes = None,
    number: int = 1,
    headers: Headers = _KEY,
    kind: str = "application/json",
    is_cut: bool = False,
) -> Exchange:
    body = sent if isinstance(sent, bytes) or sent is None else json.dumps(sent).encode()
    content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    if body is not None and not isinstance(sent, bytes):
        headers = (*headers, ("Content-Type", "application/json"))
    return Exchange(
        number=number,
        request=Request(method, target, headers, body, "owner"),
        response=Response(
            status, (("content-type", kind), ("x-request-id", "a1")), content, is_cut
        ),
        operation=None,
        path_values={},
        sent_at=STARTED_AT + timedelta(seconds=number),
        duration_s=0.0123,
        case="GET /v2/event-types/{eventTypeId}/response-schema",
    )


def sample_report() -> Report:
    """A run over 20 operations in which everything that can happen did."""
    findings = _findings()
    return Report(
        target="https://api.example.com/v2",
        title="Cal.com API v2",
        document="spec/openapi.yaml, effective (4 overlays)",
        seed=1,
        run_id="k3v9",
        started_at=STARTED_AT,
        duration_s=47.3,
        operations=OPERATIONS,
        results=_results(findings),
        findings=findings,
        suites=_suites(),
        coverage=_coverage(),
        clean_up=CleanUp(
            created=14,
            removed=tuple(f"event type {number}" for number in range(13)),
            left=("event type 14 (DELETE answered 500)",),
            ledger="runs/k3v9.ledger",
        ),
        incomplete="the target answered 503 to ten requests in a row",
        exchanges=tuple(exchange(number=number + 1) for number in range(12)),
        shown_settings={"--as": "owner=OWNER_KEY", "--allow-writes": "on", "--rate": "30"},
        version="0.1.0",
    )


def clean_report() -> Report:
    """A run in which nothing was wrong."""
    report = sample_report()
    results = tuple(
        replace(one, verdict=Verdict.PASSED, findings=(), reason="", notes=())
        for one in report.results
    )
    return replace(report, results=results, findings=(), incomplete="", clean_up=CleanUp(3, ("a",)))


def _link(**more: Json) -> Json:
    return {
        "linkId": "d1f3aa",
        "eventTypeId": 7,
        "isExpired": False,
        "bookingUrl": "https://cal.example.com/d/d1f3aa/intro",
        **more,
    }


def _findings() -> tuple[Finding, ...]:
    created = exchange(
        "POST",
        "/v2/event-types/7/private-links",
        201,
        {"status": "success", "data": _link(maxUsageCount=2, usageCount=0)},
        sent={"maxUsageCount": 2},
        number=40,
    )
    changed = exchange(
        "PATCH",
        "/v2/event-types/7/private-links/d1f3aa",
        200,
        {"status": "success", "data": _link(expiresAt="2030-01-08T08:00:00.000Z")},
        sent={"expiresAt": "2030-01-08T08:00:00.000Z"},
        number=41,
    )
    listed = exchange(
        "GET",
        "/v2/event-types/7/private-links",
        200,
        {
            "status": "success",
            "data": [
                _link(expiresAt="2030-01-08T08:00:00.000Z", maxUsageCount=2, usageCount=0),
                _link(maxUsageCount=1, usageCount=0),
            ],
        },
        number=42,
    )
    return (
        Finding(
            "variant-ambiguous",
            LINKS,
            Severity.HIGH,
            "The link at /data/0 fits two kinds at once, so a client cannot tell which it is.",
            "exactly one of TimeBasedPrivateLink, UsageBasedPrivateLink",
            "document #/components/schemas/PrivateLinksOutput/properties/data/items/oneOf",
            "both match: it has expiresAt, and maxUsageCount with usageCount",
            listed,
            (created, changed),
            "/data/0 two branches",
            "variants",
            f"{LINKS}/kind-change",
            3,
        ),
        Finding(
            "status-undocumented",
            CREATE,
            Severity.HIGH,
            "A title of 300 characters is answered with 500, which the document does not know.",
            "one of 201, 400, 401, 403",
            "document #/paths/~1v2~1event-types/post/responses",
            "500 Internal Server Error",
            exchange(
                "POST",
                "/v2/event-types",
                500,
                b"<html><body>Internal Server Error</body></html>",
                sent={"title": "it's " + "long " * 60, "slug": "a b&c", "lengthInMinutes": 30},
                number=77,
                kind="text/html",
            ),
            (),
            "500",
            "fuzz",
            f"{CREATE}/coverage",
            12,
        ),
        Finding(
            "response-schema",
            READ,
            Severity.MEDIUM,
            f"The answer does not fit: {HOSTILE}",
            f"a string {HOSTILE}",
            "document #/components/schemas/EventType",
            HOSTILE,
            exchange(
                "GET",
                "/v2/event-types/7?q=%3C/script%3E&$HOME",
                200,
                {"status": "success", "data": {HOSTILE: HOSTILE, "list": list(range(500))}},
                headers=(*_KEY, ("X-Hostile", HOSTILE.replace("\x00", ""))),
                number=90,
            ),
            (),
            "hostile",
            "examples",
            f"{READ}/response-schema",
        ),
        Finding(
            "body-too-long",
            LIST,
            Severity.LOW,
            "The list is a megabyte long.",
            "pages of at most 250 items",
            "reference conventions.md section 6",
            "1 000 000 bytes of " + "x" * 3000,
            exchange("GET", "/v2/event-types", 200, b"x" * 1_000_000, number=91, is_cut=True),
            (),
            "long",
            "examples",
            f"{LIST}/pages",
        ),
        Finding(
            "content-binary",
            NEW_LINK,
            Severity.LOW,
            "The answer is no text.",
            "application/json",
            "document #/paths/~1v2~1event-types~1{eventTypeId}~1private-links/post",
            "image/png",
            exchange(
                "POST",
                "/v2/event-types/7/private-links",
                201,
                b"\x89PNG\r\n\x1a\n\x00\x00\xff",
                sent=b"\x00\xff\xfe",
                number=92,
                kind="image/png",
            ),
            (),
            "png",
            "fuzz",
            f"{NEW_LINK}/fuzzing",
        ),
        Finding(
            "header-missing",
            OPERATIONS[-1],
            Severity.MEDIUM,
            "The answer tells no content type.",
            "a Content-Type header",
            "RFC 9110 section 8.3",
            cause="no content type",
            suite="examples",
            case=f"{OPERATIONS[-1]}/headers",
            accepted="api-team until 2030-06-30",
        ),
    )


def _results(findings: tuple[Finding, ...]) -> tuple[Result, ...]:
    results = [
        Result(
            "examples" if rule in ("success", "unknown-id") else "auth",
            operation,
            rule,
            Verdict.PASSED,
            judgements=9,
            requests=2,
            duration_s=0.021,
        )
        for operation in OPERATIONS
        for rule in ("success", "unknown-id", "no-credential", "foreign-credential")
    ]
    for finding in findings:
        rule = finding.case.removeprefix(f"{finding.operation}/")
        results.append(
            Result(
                finding.suite,
                finding.operation,
                rule,
                Verdict.FAILED,
                (finding,),
                judgements=4,
                requests=3,
                duration_s=0.4,
            )
        )
    admin = "needs the actor admin: give --as admin=ENV_VAR"
    for operation in OPERATIONS[10:]:
        results.append(Result("lifecycle", operation, "walk", Verdict.NOT_JUDGED, reason=admin))
    results.append(
        Result(
            "variants",
            LINKS,
            "expired-kind",
            Verdict.UNSEEN,
            reason="no expired link ever came",
            judgements=3,
            requests=2,
            notes=("The branches of #/oneOf/2 overlap: {} fits both.",),
        )
    )
    trace = 'Traceback (most recent call last):\n  File "walk.py", line 3\nKeyError: "<b>"\n'
    results.append(Result("stateful", READ, "links", Verdict.BROKEN, reason=trace))
    return tuple(sorted(results, key=lambda one: SUITES.index(one.suite)))


def _suites() -> tuple[SuiteTally, ...]:
    counts = {
        "examples": (43, 86, {Verdict.PASSED: 40, Verdict.FAILED: 3}),
        "variants": (2, 14, {Verdict.FAILED: 1, Verdict.UNSEEN: 1}),
        "lifecycle": (10, 0, {Verdict.NOT_JUDGED: 10}),
        "auth": (40, 80, {Verdict.PASSED: 40}),
        "fuzz": (2, 1240, {Verdict.FAILED: 2}),
        "stateful": (1, 12, {Verdict.BROKEN: 1}),
    }
    return tuple(
        SuiteTally(name, cases, requests, requests / 40, verdicts)
        for name, (cases, requests, verdicts) in counts.items()
    )


def _coverage() -> Coverage:
    cells = [
        Cell(operation, status, True, {"examples": 2, "auth": 1} if is_seen else {})
        for number, operation in enumerate(OPERATIONS)
        for status, is_seen in (
            ("201" if operation.startswith("POST") else "200", True),
            ("400", number % 3 == 0),
            ("401", True),
            ("403", number % 2 == 0),
            ("404", number % 5 != 1),
        )
    ]
    cells.append(Cell(CREATE, "500", False, {"fuzz": 12}))
    cells.append(Cell(READ, "429", True, {}))
    return Coverage(
        measures=(
            Measure("operations", 20, 20),
            Measure("statuses", 71, 101, tuple(f"{one} 404" for one in OPERATIONS[:8])),
            Measure("parameters", 31, 40, (f"{LIST} query sort", f"{LIST} query take")),
            Measure("request properties", 52, 96, ("CreateEventType.metadata",)),
            Measure("response properties", 120, 131, ("EventType.seats",)),
            Measure("enum members", 12, 30, ("BookingWindow.type range",)),
            Measure("variants", 5, 7, ("TeamLink",)),
        ),
        cells=tuple(cells),
        branches=(
            BranchTally("#/components/schemas/Links/items/oneOf", "response", "TimeBased", 14, 0),
            BranchTally("#/components/schemas/Links/items/oneOf", "response", "UsageBased", 9, 3),
            BranchTally("#/components/schemas/Links/items/oneOf", "response", "Used up", 0, 0),
            BranchTally("#/paths/~1v2~1event-types/post/requestBody/oneOf", "request", "In", 2, 40),
            BranchTally("#/paths/~1v2~1event-types/post/requestBody/oneOf", "request", HOSTILE),
        ),
    )
