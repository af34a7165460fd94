"""Statuses and headers other than the documented ones."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from mockserver.behaviours.faults import Fault, Plant, Wire
from mockserver.behaviours.registry import Call
from mockserver.faults.items import failed, is_success
from mockserver.faults.reaching import (
    answers_json,
    anything,
    both,
    documents,
    is_path_of,
    kinds,
    methods,
    nothing,
)
from mockserver.model import MISSING, Reply

CATEGORY = "Status and headers"
STATUS = "the status is not documented for this operation"

Answer = Callable[[Call, Reply, Plant], Reply]

_DOORS = ("/debug", "/metrics", "/actuator", "/.env", "/internal", "/health")


def _status_of_success(status: int) -> Answer:
    return lambda call, reply, plant: reply._replace(status=status) if is_success(reply) else reply


def _swapped(one: int, other: int) -> Answer:
    pairs = {one: other, other: one}

    def swap(call: Call, reply: Reply, plant: Plant) -> Reply:
        return reply._replace(status=pairs.get(reply.status, reply.status))

    return swap


def _no_content(call: Call, reply: Reply, plant: Plant) -> Reply:
    return reply._replace(status=204, body=MISSING) if is_success(reply) else reply


def _failing(call: Call, reply: Reply, plant: Plant) -> Reply:
    return failed(reply) if is_success(reply) else reply


def _error_as_success(call: Call, reply: Reply, plant: Plant) -> Reply:
    return reply._replace(status=200) if 400 <= reply.status < 500 else reply


def _opaque(call: Call, reply: Reply, plant: Plant) -> Reply:
    """A refusal of wrong input that says nothing of what is wrong."""
    if reply.status not in (400, 422) or not isinstance(reply.body, dict):
        return reply
    body = {name: value for name, value in reply.body.items() if name != "validation"}
    if "detail" in body:
        body["detail"] = "Bad Request"
    if isinstance(body.get("error"), dict):
        body["error"] = {"code": body["error"].get("code", ""), "message": "Bad Request"}
    return reply._replace(body=body)


def _without_allow(call: Call, wire: Wire, plant: Plant) -> None:
    wire.set_header(b"allow", None)


def _lying_allow(call: Call, wire: Wire, plant: Plant) -> None:
    if wire.status == 405:
        wire.set_header(b"allow", b"GET, PURGE")


def _served(call: Call, allowed: Sequence[str], plant: Plant) -> Reply | None:
    """Any method works where another one does."""
    return Reply(200, {"status": "success", "data": {}}) if allowed else None


def _never(call: Call, allowed: Sequence[str], plant: Plant) -> Reply | None:
    """Lets every request be: for faults that only look at the headers of the refusal."""
    return None


def _hidden(call: Call, allowed: Sequence[str], plant: Plant) -> Reply | None:
    """Paths that frameworks open for their own developers."""
    is_door = call.target.partition("?")[0].rstrip("/").endswith(_DOORS)
    return Reply(200, {"build": "7f3a", "env": "production"}) if is_door else None


def _loose(call: Call, allowed: Sequence[str], plant: Plant) -> Reply | None:
    """A known path in other letters, or with a slash at its end, reaches something else."""
    path = call.target.partition("?")[0].rstrip("/")
    places = [one for one in plant.around.places() if one.operation.method == call.method]
    if allowed or not any(is_path_of(one, path, flags=re.IGNORECASE) for one in places):
        return None
    return Reply(200, {"status": "success", "data": "index"})


def _bad_request_id(call: Call, wire: Wire, plant: Plant) -> None:
    wire.set_header(b"x-request-id", b"request 7")


def _bad_limit(call: Call, wire: Wire, plant: Plant) -> None:
    for name in [name for name, _ in wire.headers if name.startswith(b"x-ratelimit")]:
        wire.set_header(name, b"many")


def _for_no_page(call: Call, wire: Wire, plant: Plant) -> None:
    for name in [name for name, _ in wire.headers if name.startswith(b"access-control-")]:
        wire.set_header(name, None)


def _lost_location(call: Call, wire: Wire, plant: Plant) -> None:
    if wire.status == 201:
        path = call.target.partition("?")[0]
        wire.set_header(b"location", f"{path}/0".encode("latin-1", "replace"))


def _redirected(call: Call, wire: Wire, plant: Plant) -> None:
    if wire.status < 300:
        wire.status = 302
        wire.set_header(b"location", call.target.encode("latin-1", "replace"))
        wire.set_body(b"")


def _header(name: str, about: str, exposed_by: str, **effects: Any) -> Fault:
    given = {"reaches": anything, **effects}
    return Fault(name=name, category=CATEGORY, about=about, exposed_by=exposed_by, **given)


FAULTS = (
    _header(
        "undocumented-status",
        "a success has a status that no document knows",
        STATUS,
        reaches=answers_json,
        on_answer=_status_of_success(299),
    ),
    _header(
        "server-error-5xx",
        "what should work answers 500",
        "the server fails",
        on_answer=_failing,
    ),
    _header(
        "success-status-with-error-body",
        "200 with an error inside",
        "a success carries an error",
        on_answer=_error_as_success,
    ),
    _header(
        "wrong-success-code",
        "200 where 201 is documented",
        STATUS,
        reaches=documents("201"),
        on_answer=_status_of_success(200),
    ),
    _header(
        "201-on-non-create",
        "201 for something that creates nothing",
        STATUS,
        reaches=documents("200"),
        on_answer=_status_of_success(201),
    ),
    _header(
        "204-with-content-expected",
        "204 and no body where a body is documented",
        STATUS,
        reaches=answers_json,
        on_answer=_no_content,
    ),
    _header(
        "unauthenticated-vs-forbidden-swapped",
        "401 for a good key without the right, 403 for no key",
        "a good key is not recognised",
        on_answer=_swapped(401, 403),
    ),
    _header(
        "bad-request-vs-not-found-swapped",
        "400 for an id that is not there, 404 for wrong input",
        "an unknown id is not answered with 404",
        on_answer=_swapped(400, 404),
    ),
    _header(
        "generic-error-hides-cause",
        "wrong input gets an opaque 400",
        "a refusal does not name what is wrong",
        on_answer=_opaque,
    ),
    _header(
        "undocumented-method-served",
        "a method that is not documented works",
        "an undocumented method is answered with a success",
        reaches=nothing,
        on_unmatched=_served,
    ),
    _header(
        "hidden-endpoint",
        "a path that is not documented answers",
        "an undocumented path is answered with a success",
        reaches=nothing,
        on_unmatched=_hidden,
    ),
    _header(
        "trailing-slash-or-case-route",
        "a path in other letters, or with a slash at its end, reaches something else",
        "a path that is not documented is answered with a success",
        reaches=nothing,
        on_unmatched=_loose,
    ),
    _header(
        "405-without-allow",
        "a method is refused without saying which are allowed",
        "405 without the header Allow",
        reaches=nothing,
        on_unmatched=_never,
        on_wire=_without_allow,
    ),
    _header(
        "allow-header-lies",
        "Allow lists other methods than the document",
        "Allow differs from the documented methods",
        reaches=nothing,
        on_unmatched=_never,
        on_wire=_lying_allow,
    ),
    _header(
        "options-or-cors-broken",
        "answers lack the headers that a web page needs, though the preflight allowed it",
        "the preflight allows a page what the answer then denies",
        on_wire=_for_no_page,
    ),
    _header(
        "header-wrong-type",
        "a header's value does not fit its schema",
        "a header does not fit its schema",
        on_wire=_bad_request_id,
    ),
    _header(
        "counter-header-wrong-type",
        "a header that counts has a word in it",
        "a header does not fit its schema",
        on_wire=_bad_limit,
    ),
    _header(
        "location-header-wrong",
        "Location points at something that is not there",
        "Location leads nowhere",
        reaches=both(kinds("create"), methods("POST")),
        on_wire=_lost_location,
    ),
    _header(
        "redirect-drops-auth-or-method",
        "the request is redirected, and becomes a GET on the way",
        STATUS,
        reaches=methods("POST", "PATCH", "PUT", "DELETE"),
        on_wire=_redirected,
    ),
)
