"""A first look at a target: tells a wrong address or a wrong key from an API with faults."""

from collections.abc import Callable, Mapping
from typing import Final

from contracts.actors import ANONYMOUS, OWNER
from contracts.exchange import Exchange
from contracts.stops import NoAnswer, Refused, RunStopped, Unreachable
from contracts.suites.session import Bench, Case, Session, parameter_text
from contracts.yardstick import is_json
from mockserver.model import MISSING
from mockserver.openapi import Operation

_LOOKS: Final = 3
"""One operation may be faulty, which is for the suites to find; so many are asked before a target
is sent away."""


def probe(bench: Bench) -> None:
    """Ask the cheapest documented reading operation, and two more where its answer is odd.

    Raises Unreachable, and RunStopped with the reason where no answer looks like this API's: the
    owner's key refused, a web page, a redirect, unknown paths, no JSON. Wrong statuses, 5xx and
    wrong bodies pass. Judges nothing where no reading operation may be called.
    """
    case = Case("probe", "", "", run=lambda session: None)
    session = Session(bench, case)
    oddities: list[str] = []
    for operation in _cheapest_first(bench):
        exchange = _asked(session, operation)
        if exchange is None:
            continue
        oddity = _oddity(bench, exchange)
        if not oddity:
            return
        oddities.append(oddity)
        if len(oddities) == _LOOKS:
            break
    if oddities:
        raise RunStopped(f"{bench.target.name}: {oddities[0]}")


def _cheapest_first(bench: Bench) -> list[Operation]:
    reading = [one for one in bench.yardstick.operations if one.method == "GET"]
    whole = [one for one in reading if not _path_names(one)]
    return sorted(whole or reading, key=lambda one: len(one.parameters))


def _path_names(operation: Operation) -> list[str]:
    return [one.name for one in operation.parameters if one.where == "path"]


def _asked(session: Session, operation: Operation) -> Exchange | None:
    """The answer of *operation*; None where the door keeps it back."""
    actor = OWNER if OWNER in session.bench.actors else ANONYMOUS
    request = session.request(operation, _path(session.bench, operation), actor=actor)
    try:
        return session.bench.target.send(request, case="probe")
    except Refused:
        return None
    except NoAnswer as silence:
        raise Unreachable(f"{session.bench.target.name} does not answer: {silence}") from silence


def _path(bench: Bench, operation: Operation) -> Mapping[str, str]:
    return {
        name: bench.bindings.get(name) or parameter_text(bench.yardstick, operation, name)
        for name in _path_names(operation)
    }


def _oddity(bench: Bench, exchange: Exchange) -> str:
    """Why the answer does not look like this API's; `` where it does."""
    return next((told for look in _SIGNS if (told := look(bench, exchange))), "")


def _refuses_key(bench: Bench, exchange: Exchange) -> str:
    status = exchange.response.status
    if status not in (401, 403) or exchange.request.actor != OWNER:
        return ""
    return (
        f"the key of owner was refused ({status} at {exchange.label}): has it expired, or is it "
        "for another server? Give another with --as owner=ENV_VAR"
    )


def _redirects(bench: Bench, exchange: Exchange) -> str:
    response = exchange.response
    if not 300 <= response.status < 400 or _is_documented(exchange):
        return ""
    where = response.header("location") or "nowhere"
    return (
        f"{exchange.label} is redirected to {where} ({response.status}), and redirects are not "
        "followed: give the address that it leads to"
    )


def _is_page(bench: Bench, exchange: Exchange) -> str:
    response = exchange.response
    begins = response.body[:200].lstrip().lower()
    looks_so = begins.startswith((b"<!doctype html", b"<html"))
    if not (looks_so or response.content_type == "text/html") or not _is_json_only(exchange):
        return ""
    return (
        f"{exchange.label} answers with a web page (HTML, {response.status}): this is not the "
        "address of the API"
    )


def _is_unknown(bench: Bench, exchange: Exchange) -> str:
    if exchange.response.status != 404 or exchange.path_values:
        return ""
    return (
        f"{exchange.label} is documented and not there (404): this is not the API of the "
        f"document ({bench.yardstick.title}), or its paths begin elsewhere"
    )


def _is_no_json(bench: Bench, exchange: Exchange) -> str:
    response = exchange.response
    is_unread = response.is_cut or not response.body
    if not exchange.is_success or is_unread or not _is_json_only(exchange):
        return ""
    if response.json is not MISSING:
        return ""
    kind = response.content_type or "no content type"
    return f"{exchange.label} answers with something that is no JSON ({kind}): is it the API?"


def _is_documented(exchange: Exchange) -> bool:
    operation = exchange.operation
    return operation is not None and str(exchange.response.status) in operation.responses


def _is_json_only(exchange: Exchange) -> bool:
    """Whether all that the operation promises is JSON."""
    responses = exchange.operation.responses.values() if exchange.operation else ()
    return all(is_json(kind) for content in responses for kind in content)


_SIGNS: Final[tuple[Callable[[Bench, Exchange], str], ...]] = (
    _redirects,
    _is_page,
    _refuses_key,
    _is_unknown,
    _is_no_json,
)
