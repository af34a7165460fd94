"""The suite `auth`: silent on the healthy stub, speaking where somebody gets too far."""

from collections.abc import Callable
from typing import Any

import pytest

from contracts.actors import ANONYMOUS, Actors
from contracts.checks import CHECKS
from contracts.door.stub import BUNDLED_ACTORS
from contracts.exchange import Request, Response
from contracts.findings import Verdict
from contracts.suites.auth import cases
from contracts.suites.session import Options
from contracts.yardstick import Yardstick
from tests.contracts.suites.planted import (
    OTHER_KEY,
    OWNER_KEY,
    OneStub,
    Send,
    answer,
    as_key,
    rules,
    run,
    run_all,
    with_key,
)

TYPES = "/v2/event-types"
TYPE = "/v2/event-types/{eventTypeId}"
LINKS = f"{TYPE}/private-links"
TEAM = "/v2/organizations/{orgId}/teams/{teamId}/event-types"
Plant = Callable[[Request, Send], Response]


def test_the_healthy_stub_has_no_finding(stub: OneStub) -> None:
    bench = stub.bench(checks=CHECKS)
    results = run_all(cases, bench)
    assert [one.id for one in results if one.findings or one.verdict is Verdict.BROKEN] == []
    silent = [one for one in results if one.verdict is not Verdict.PASSED]
    assert [one.id for one in silent] == [f"GET {TEAM}/malformed-credential"]
    assert len(bench.target.exchanges) < 440


def test_ids_are_unique_and_every_secured_operation_is_tried(yardstick: Yardstick) -> None:
    ids = [one.id for one in cases(yardstick, Options())]
    assert len(set(ids)) == len(ids)
    for operation in yardstick.operations:
        for rule in ("anonymous", "stranger", "expired", "malformed-credential"):
            assert f"{operation.label}/{rule}" in ids


def test_a_case_whose_actor_is_not_given_is_not_judged(stub: OneStub, yardstick: Yardstick) -> None:
    alone = Actors(BUNDLED_ACTORS[:1], yardstick.schemes)
    result = run(cases, stub.bench(actors=alone), f"GET {TYPE}/foreign")
    assert result.verdict is Verdict.NOT_JUDGED
    assert "other" in result.reason


def test_refusals_that_are_provoked_are_not_laid_to_the_owner(stub: OneStub) -> None:
    """The door ends a run whose owner is refused again and again."""
    bench = stub.bench()
    run(cases, bench, "GET /v2/me/malformed-credential")
    asked = [(one.response.status, one.request.actor) for one in bench.target.exchanges]
    assert set(asked) == {(401, ANONYMOUS)}


def keyless(request: Request, send: Send) -> Response:
    if request.header("authorization") is None:
        return send(with_key(request, OWNER_KEY))
    return send(request)


def any_key(request: Request, send: Send) -> Response:
    if request.header("authorization") is not None:
        return send(with_key(request, OWNER_KEY))
    return send(request)


def any_scheme(request: Request, send: Send) -> Response:
    if (request.header("authorization") or "").startswith("Understudy "):
        return send(with_key(request, OWNER_KEY))
    return send(request)


def keys_for_ever(request: Request, send: Send) -> Response:
    return as_key("cal_test_alice_expired", OWNER_KEY)(request, send)


def longer_keys(request: Request, send: Send) -> Response:
    if (request.header("authorization") or "").startswith(f"Bearer {OWNER_KEY}"):
        return send(with_key(request, OWNER_KEY))
    return send(request)


def swapped(request: Request, send: Send) -> Response:
    response = send(request)
    other = {401: 403, 403: 401, 404: 401}.get(response.status, response.status)
    return answer(response, other, response.json)


def deletes_and_refuses(request: Request, send: Send) -> Response:
    """What nobody may do is done, and the answer says no."""
    response = send(request)
    if request.method == "DELETE" and response.status in (401, 403, 404):
        send(with_key(request, OWNER_KEY))
    return response


def tells_in_errors(request: Request, send: Send) -> Response:
    response = send(request)
    shown: Any = response.json
    if request.method == "GET" and response.status == 401:
        shown["error"]["details"] = f"{send(with_key(request, OWNER_KEY)).json}"
        return answer(response, 401, shown)
    return response


def missing_is_404(request: Request, send: Send) -> Response:
    """What belongs to another is 403, and what does not exist 404."""
    response = send(request)
    is_other = request.header("authorization") == f"Bearer {OTHER_KEY}"
    if request.method == "GET" and is_other and response.status in (403, 404):
        return answer(response, 404 if "/2147480007" in request.path else 403, {})
    return response


def closed_to_all(request: Request, send: Send) -> Response:
    if request.header("authorization") is None:
        return answer(send(request), 401, {})
    return send(request)


def admins_refused(request: Request, send: Send) -> Response:
    if request.header("authorization") == "Bearer cal_test_lena":
        return answer(send(request), 403, {})
    return send(request)


def hidden_dropped(request: Request, send: Send) -> Response:
    response = send(request)
    shown: Any = response.json
    if isinstance(shown, dict) and isinstance(shown.get("data"), list):
        shown["data"] = [one for one in shown["data"] if not one.get("hidden")]
        return answer(response, response.status, shown)
    return response


as_owner = as_key(OTHER_KEY, OWNER_KEY)
reader_as_owner = as_key("cal-test-demo-reader", OWNER_KEY)
member_as_admin = as_key("cal_test_omar", "cal_test_lena")

PLANTED: list[tuple[Plant, str, str]] = [
    (keyless, f"GET {TYPE}/anonymous", "auth-ignored"),
    (keyless, f"DELETE {LINKS}/{{linkId}}/anonymous", "auth-ignored"),
    (any_key, f"PATCH {TYPE}/stranger", "auth-any-token-accepted"),
    (any_key, f"GET {TYPES}/stranger", "auth-any-token-accepted"),
    (keys_for_ever, f"GET {TYPE}/expired", "expired-credential-accepted"),
    (any_scheme, "GET /v2/me/malformed-credential", "malformed-credential-accepted"),
    (longer_keys, "GET /v2/me/malformed-credential", "malformed-credential-accepted"),
    (swapped, f"GET {TYPE}/anonymous", "unauthenticated-vs-forbidden-swapped"),
    (swapped, f"GET {TYPE}/foreign", "unauthenticated-vs-forbidden-swapped"),
    (missing_is_404, f"GET {TYPE}/foreign", "existence-leak"),
    (closed_to_all, f"GET {TEAM}/anonymous", "anonymous-refused"),
    (deletes_and_refuses, f"DELETE {TYPE}/anonymous", "refused-write-has-effect"),
    (deletes_and_refuses, f"DELETE {LINKS}/{{linkId}}/foreign", "refused-write-has-effect"),
    (tells_in_errors, f"GET {TYPE}/anonymous", "refusal-leaks-data"),
    (as_owner, f"GET {TYPE}/foreign", "other-tenant-readable"),
    (as_owner, f"GET {LINKS}/foreign", "other-tenant-readable"),
    (as_owner, f"PATCH {TYPE}/foreign", "foreign-write-accepted"),
    (as_owner, f"DELETE {TYPE}/foreign", "foreign-write-accepted"),
    (as_owner, f"POST {LINKS}/foreign", "foreign-write-accepted"),
    (as_owner, f"GET {TYPES}/foreign-list", "list-leaks-other-tenant"),
    (keyless, f"GET {TYPES}/hidden-from-strangers", "private-object-public"),
    (as_owner, f"GET {TYPES}/hidden-from-others", "private-object-public"),
    (hidden_dropped, f"GET {TYPES}/hidden-from-strangers", "list-omits-hidden"),
    (reader_as_owner, f"PATCH {TYPE}/reader", "scope-not-enforced"),
    (reader_as_owner, f"DELETE {LINKS}/{{linkId}}/reader", "scope-not-enforced"),
    (member_as_admin, f"PATCH {TEAM}/{{eventTypeId}}/role-member", "role-not-enforced"),
    (admins_refused, f"PATCH {TEAM}/{{eventTypeId}}/role-admin", "role-refused"),
]


@pytest.mark.parametrize(
    ("change", "id", "rule"),
    PLANTED,
    ids=[f"{plant.__name__}: {id}" for plant, id, _ in PLANTED],
)
def test_a_planted_defect_is_found(stub: OneStub, change: Plant, id: str, rule: str) -> None:
    result = run(cases, stub.bench(change=change), id)
    assert result.verdict is Verdict.FAILED, result.reason
    assert rule in rules(result)
