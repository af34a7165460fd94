"""`Prefer: deviation=NAME`: one fault or quirk, for one call."""

from mockserver.behaviours.faults import Plant, Planting
from mockserver.behaviours.registry import Call
from mockserver.errors import ApiError, SetupError
from mockserver.model import Reply
from mockserver.openapi import Quirks
from mockserver.web.own import own_problem
from mockserver.web.prefer_header import parse_prefer

APPLIED = "Preference-Applied"


def deviate(call: Call, planting: Planting) -> Reply | None:
    """Plant what the call asks for in it; the mock's own refusal where that cannot be.

    A header that cannot be read is left to the place where preferences are.
    """
    try:
        name = parse_prefer(call.headers["prefer"]).deviation
    except ApiError:
        return None
    if name is None:
        return None
    try:
        meant = planting.for_one_call(name)
    except SetupError as error:
        return _refusal(str(error))
    if isinstance(meant, Plant):
        if not meant.is_aimed_at(call.operation.id):
            return _refusal(f"Prefer: {meant.fault.name} cannot touch this operation")
        call.faults = (*call.faults, meant) if meant.strikes() else call.faults
    else:
        call.quirks = Quirks(call.quirks.active | {meant})
    shown = name if name.replace("-", "").isalnum() else f'"{name}"'
    call.answer_headers.append((APPLIED, f"deviation={shown}"))
    return None


def _refusal(detail: str) -> Reply:
    return own_problem("preference", 400, "No such deviation", detail)
