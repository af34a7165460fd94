"""A server that is slow, busy, away, or loses the answer on its way.

Counters and windows are of real time, so that a frozen clock does not stop them.
"""

import math
from collections.abc import Callable
from copy import deepcopy
from time import monotonic
from typing import Any

from mockserver.behaviours.faults import Fault, Plant, Wire
from mockserver.behaviours.registry import Call
from mockserver.errors import ApiError
from mockserver.faults.items import is_success
from mockserver.faults.reaching import answers_json, anything, both, methods
from mockserver.faults.refusals import instead
from mockserver.model import MISSING, Reply

CATEGORY = "Operational"
WRITES = ("POST", "PUT", "PATCH", "DELETE")
FAILS = "the server fails"
LATE = "answers take longer than allowed"
LOST = "no answer came"
BUSY = "the server refuses for too many requests"
LIMIT = {"limit": 0.0, "window_s": 60.0}
PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>"


def _caller(call: Call) -> str:
    return call.headers.get("authorization") or call.headers.get("cookie") or call.client


# ---------------------------------------------------------------- slow


def _late(call: Call, wire: Wire, plant: Plant) -> None:
    wire.delay_s += plant.options["delay_s"]


def _jitter(call: Call, wire: Wire, plant: Plant) -> None:
    """Half of the answers come before the median, a few very late."""
    median_s, sigma = plant.options["median_s"], plant.options["sigma"]
    if median_s:
        wire.delay_s += plant.random.lognormvariate(math.log(median_s), sigma)


def _drip(call: Call, wire: Wire, plant: Plant) -> None:
    wire.chunks, wire.pause_s = int(plant.options["chunks"]), plant.options["pause_s"]


# ---------------------------------------------------------------- busy


def _over_limit(plant: Plant, tracker: str) -> int | None:
    """Count a request; the seconds until the window ends, where there were too many in it."""
    now = monotonic()
    began: float
    began, count = plant.memory.get(tracker, (now, 0))
    if now - began >= plant.options["window_s"]:
        began, count = now, 0
    plant.memory[tracker] = began, count + 1
    if count < plant.options["limit"]:
        return None
    return max(1, math.ceil(began + plant.options["window_s"] - now))


def _too_many(tracker: Callable[[Call], str], *, tells: bool) -> Callable[[Call, Plant], None]:
    def begin(call: Call, plant: Plant) -> None:
        wait_s = _over_limit(plant, tracker(call))
        if wait_s is not None:
            headers = [("Retry-After", str(wait_s))] if tells else []
            raise instead(call, plant, 429, "Too many requests", *headers)

    return begin


def _locked_out(call: Call, plant: Plant) -> None:
    if _over_limit(plant, _caller(call)) is not None:
        raise instead(call, plant, 403, "This account is blocked")


def _impossible_counters(call: Call, wire: Wire, plant: Plant) -> None:
    """More requests left than the limit allows."""
    for name, value in list(wire.headers):
        if b"ratelimit-remaining" in name and value.isdigit():
            wire.set_header(name, b"%d" % (int(value) + 1000))


# ---------------------------------------------------------------- away


def _burst(call: Call, plant: Plant) -> None:
    """Of so many requests the first ones fail."""
    number = plant.memory.get("number", 0)
    plant.memory["number"] = number + 1
    if number % max(1, int(plant.options["of"])) < plant.options["fail"]:
        raise instead(call, plant, 500, "Internal server error")


def _unavailable(call: Call, plant: Plant) -> None:
    wait = ("Retry-After", str(int(plant.options["retry_after_s"])))
    raise instead(call, plant, 503, "The service is down for maintenance", wait)


def _timed_out(call: Call, plant: Plant) -> None:
    raise instead(call, plant, 504, "The upstream server did not answer in time")


def _unreached(call: Call, plant: Plant) -> None:
    raise instead(call, plant, 502, "Bad gateway")


def _gateway(call: Call, wire: Wire, plant: Plant) -> None:
    """The page of a proxy that does not reach the server."""
    wire.status = 502
    wire.set_header(b"content-type", b"text/html")
    wire.set_body(PAGE)


def _fail_after(call: Call, reply: Reply, plant: Plant) -> Reply:
    """What was asked for is done, and the answer says that it failed."""
    if not is_success(reply):
        return reply
    return plant.around.refusal(ApiError(500, "Internal server error"), call)


# ---------------------------------------------------------------- lost on the way


def _silent(call: Call, wire: Wire, plant: Plant) -> None:
    wire.is_silent = True


def _cut(call: Call, wire: Wire, plant: Plant) -> None:
    """The length of the whole is promised, and half of it comes."""
    promised = len(wire.body)
    wire.set_body(wire.body[: promised // 2 + 1])
    wire.set_header(b"content-length", b"%d" % promised)
    wire.is_cut = True


def _empty(call: Call, wire: Wire, plant: Plant) -> None:
    if 200 <= wire.status < 300:
        wire.set_body(b"")


# ---------------------------------------------------------------- old answers


def _stale(call: Call, reply: Reply, plant: Plant) -> Reply:
    """A reading gets what the same one got before, so many times."""
    return _kept(call, reply, plant, (_caller(call), call.target))


def _of_anybody(call: Call, reply: Reply, plant: Plant) -> Reply:
    """A reading gets what somebody else got at the same address."""
    return _kept(call, reply, plant, call.target)


def _kept(call: Call, reply: Reply, plant: Plant, key: object) -> Reply:
    if not is_success(reply):
        return reply
    body, left = plant.memory.get(key, (MISSING, 0))
    if left and body is not MISSING:
        plant.memory[key] = body, left - 1
        return reply._replace(body=deepcopy(body))
    plant.memory[key] = deepcopy(reply.body), int(plant.options["reads"])
    return reply


READS = both(methods("GET"), answers_json)


def _operational(name: str, about: str, exposed_by: str, **effects: Any) -> Fault:
    given = {"reaches": anything, **effects}
    return Fault(name=name, category=CATEGORY, about=about, exposed_by=exposed_by, **given)


FAULTS = (
    _operational(
        "slow-response",
        "every answer comes late",
        LATE,
        defaults={"delay_s": 3.0},
        on_wire=_late,
    ),
    _operational(
        "jitter",
        "answers come after a time that differs: log-normal, with a median and a spread",
        LATE,
        defaults={"median_s": 0.3, "sigma": 1.0},
        on_wire=_jitter,
    ),
    _operational(
        "slow-body",
        "the body comes in pieces, with pauses between them",
        LATE,
        defaults={"chunks": 5.0, "pause_s": 1.0},
        on_wire=_drip,
    ),
    _operational(
        "rate-limited",
        "429 with Retry-After, after so many requests of a caller in a window",
        BUSY,
        defaults=LIMIT,
        on_request=_too_many(_caller, tells=True),
    ),
    _operational(
        "rate-limited-silently",
        "429 without Retry-After",
        "429 does not tell when to come back",
        defaults=LIMIT,
        on_request=_too_many(_caller, tells=False),
    ),
    _operational(
        "rate-limit-scope-wrong",
        "one caller's requests use up everybody's limit",
        BUSY,
        defaults={"limit": 20.0, "window_s": 60.0},
        on_request=_too_many(lambda call: "everybody", tells=True),
    ),
    _operational(
        "lockout-instead-of-429",
        "who asks too much is blocked with 403, without a 429 before",
        "a good credential is refused",
        defaults={"limit": 20.0, "window_s": 60.0},
        on_request=_locked_out,
    ),
    _operational(
        "rate-limit-headers-contradict",
        "more requests are left than the limit allows",
        "counting headers contradict each other",
        on_wire=_impossible_counters,
    ),
    _operational(
        "burst-of-5xx",
        "of so many requests the first ones fail with 500",
        FAILS,
        defaults={"of": 10.0, "fail": 3.0},
        on_request=_burst,
    ),
    _operational(
        "unavailable",
        "503 with Retry-After, and nothing is done",
        FAILS,
        defaults={"retry_after_s": 30.0},
        on_request=_unavailable,
    ),
    _operational("gateway-timeout", "504, and nothing is done", FAILS, on_request=_timed_out),
    _operational(
        "bad-gateway",
        "502 with the page of a proxy, and nothing is done",
        FAILS,
        on_request=_unreached,
        on_wire=_gateway,
    ),
    _operational(
        "failure-after-write",
        "500, and yet what was asked for is done",
        FAILS,
        reaches=methods(*WRITES),
        on_answer=_fail_after,
    ),
    _operational(
        "connection-dropped",
        "the connection closes without an answer, and nothing is done",
        LOST,
        on_request=_unreached,
        on_wire=_silent,
    ),
    _operational(
        "answer-lost",
        "what was asked for is done, and the connection closes without an answer",
        LOST,
        reaches=methods(*WRITES),
        on_wire=_silent,
    ),
    _operational(
        "truncated-body",
        "the connection closes in the middle of the body",
        "the answer is shorter than promised",
        reaches=answers_json,
        on_wire=_cut,
    ),
    _operational(
        "empty-answer",
        "a success without the body that belongs to it",
        "the body is no JSON",
        reaches=answers_json,
        on_wire=_empty,
    ),
    _operational(
        "stale-reads",
        "a reading gets what it got before, so many times",
        "a write is not visible",
        reaches=READS,
        defaults={"reads": 3.0},
        on_answer=_stale,
    ),
    _operational(
        "cache-ignores-caller",
        "a reading gets what somebody else got at the same address",
        "an answer belongs to another caller",
        reaches=READS,
        defaults={"reads": 3.0},
        on_answer=_of_anybody,
    ),
)
