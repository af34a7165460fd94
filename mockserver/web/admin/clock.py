"""The clock of the simulated world: freeze, set, advance, release."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from mockserver.clock import Clock, iso_text
from mockserver.model import Json, Reply
from mockserver.web.admin.document import admin_operations
from mockserver.web.admin.door import Ask, Door, answer
from mockserver.web.admin.problems import unusable
from mockserver.web.admin.time_text import parse_instant, parse_span, span_text, within_bounds
from mockserver.web.control import Control


def clock_doors(control: Control) -> Mapping[str, Door]:
    return {
        "getClock": partial(get_clock, control),
        "changeClock": partial(change_clock, control),
        "releaseClock": partial(release_clock, control),
    }


def get_clock(control: Control, ask: Ask) -> Reply:
    clock = control.clock
    offset = None if clock.is_frozen else clock.offset
    return answer(
        {
            "now": iso_text(clock.now()),
            "isFrozen": clock.is_frozen,
            "offset": None if offset is None else span_text(offset),
            "offsetSeconds": None if offset is None else offset / timedelta(seconds=1),
        }
    )


def change_clock(control: Control, ask: Ask) -> Reply:
    """Do the one thing that the body names; raises Refusal 422."""
    [(change, value)] = ask.body.items()
    try:
        _changed(control.clock, change, value)
    except ValueError as error:
        raise unusable(f"body/{change}", "time", str(error)) from None
    return get_clock(control, ask)


def change_as_told(clock: Clock, told: Json) -> None:
    """Do what a body of `changeClock` tells. Raises ValueError with the reason."""
    body = next(one.body for one in admin_operations() if one.id == "changeClock")
    assert body is not None
    flaws = body.flaws(told, "body")
    if flaws:
        raise ValueError(flaws[0].message)
    [(change, value)] = told.items()
    _changed(clock, change, value)


def release_clock(control: Control, ask: Ask) -> Reply:
    control.clock.release()
    return get_clock(control, ask)


def _changed(clock: Clock, change: str, value: Json) -> None:
    if change == "advance":
        span = parse_span(value)
        try:
            within_bounds(clock.now() + span)
        except OverflowError:
            raise ValueError(f"{value!r} leads beyond any calendar") from None
        clock.advance(span)
    elif change == "set":
        clock.set(parse_instant(value))
    else:
        clock.freeze(None if value is True else parse_instant(value))
