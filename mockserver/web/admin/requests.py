"""The journal: list, show, count, forget."""

from collections.abc import Callable, Mapping
from functools import partial

from mockserver.model import MISSING, Json, Reply
from mockserver.web.admin.door import Ask, Door, answer
from mockserver.web.admin.problems import Refusal, require_one_process
from mockserver.web.control import Control
from mockserver.web.journal import NearMiss
from mockserver.web.journal_match import RequestPattern


def request_doors(control: Control) -> Mapping[str, Door]:
    doors = {
        "listRequests": list_requests,
        "getRequest": get_request,
        "countRequests": count_requests,
        "clearRequests": clear_requests,
    }
    return {name: partial(_in_one_process, door, control) for name, door in doors.items()}


def _in_one_process(door: Callable[[Control, Ask], Reply], control: Control, ask: Ask) -> Reply:
    require_one_process(control.process_count, "a journal")
    return door(control, ask)


def list_requests(control: Control, ask: Ask) -> Reply:
    found = control.journal.find(
        pattern_of(ask.query), since=ask.query["since"], limit=ask.query["limit"]
    )
    last = control.journal.last_number
    return answer({"requests": [entry.as_json() for entry in found], "last": last})


def get_request(control: Control, ask: Ask) -> Reply:
    number = ask.path["number"]
    entry = control.journal.get(number)
    if entry is None:
        raise Refusal(404, f"request {number} is not in the journal (any more)")
    return answer(entry.as_json())


def count_requests(control: Control, ask: Ask) -> Reply:
    pattern, since = pattern_of(ask.body), ask.body.get("since", 0)
    count = control.journal.count(pattern, since=since)
    misses = [] if count else control.journal.near_misses(pattern, since=since)
    return answer({"count": count, "nearMisses": [_near_miss(one) for one in misses]})


def clear_requests(control: Control, ask: Ask) -> Reply:
    return answer({"cleared": control.journal.clear()})


def pattern_of(asked: Mapping[str, Json]) -> RequestPattern:
    """The pattern that query parameters or the body of a count describe."""
    status = asked.get("status")
    return RequestPattern(
        method=asked.get("method"),
        path=asked.get("path"),
        operation_id=asked.get("operationId"),
        status=None if status is None else str(status),
        body_contains=asked.get("bodyContains"),
        json=asked.get("json", MISSING),
        headers=asked.get("headers", {}),
    )


def _near_miss(miss: NearMiss) -> Json:
    differences = [one.as_json() for one in miss.differences]
    return {"request": miss.entry.summary(), "differences": differences}
