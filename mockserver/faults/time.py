"""Things that end at a date or after so many uses, and do it wrongly.

An item ends at its `expiresAt`, or else when its `usageCount` reaches its `maxUsageCount`; it
tells so in `isExpired`. The same wrong rule judges what an answer shows and what a use may do.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from mockserver.behaviours.faults import Fault, Place, Plant, Run
from mockserver.behaviours.registry import Behaviour, Call
from mockserver.errors import ApiError
from mockserver.faults.items import each_item, payload_of, with_payload
from mockserver.faults.reaching import both, kinds, shows_item
from mockserver.faults.refusals import instead
from mockserver.faults.schemas import item_properties
from mockserver.faults.views import stored_in
from mockserver.model import Document, Json, Reply
from mockserver.store.protocol import Store

CATEGORY = "Time expiry counters"
WHEN = "isExpired differs from what its dates and counts say"
COUNT = "the count differs from the uses that were made"
MILLISECOND = timedelta(milliseconds=1)
FAR = "9999-12-31T23:59:59.000Z"

Rule = Callable[[Document, datetime, Plant], bool]
"""Tells whether an item has ended by a moment."""


# ---------------------------------------------------------------- when something has ended


def is_dated(item: Document) -> bool:
    return item.get("expiresAt") is not None


def _numbers(item: Document) -> tuple[int, int]:
    return item.get("usageCount") or 0, item.get("maxUsageCount") or 0


def _at(item: Document) -> datetime:
    return datetime.fromisoformat(item["expiresAt"])


def has_ended(item: Document, now: datetime) -> bool:
    """The right rule: strictly after its date, to the millisecond, or with its last use."""
    if is_dated(item):
        return _at(item) < now.replace(microsecond=now.microsecond // 1000 * 1000)
    used, most = _numbers(item)
    return 0 < most <= used


def _dated(rule: Rule) -> Rule:
    """*rule* for what ends by date, the right one for the others."""
    return lambda item, now, plant: (
        rule(item, now, plant) if is_dated(item) else has_ended(item, now)
    )


def _counted(rule: Callable[[int, int], bool]) -> Rule:
    """*rule* on used and most for what ends by uses, the right one for the others."""
    return lambda item, now, plant: (
        has_ended(item, now) if is_dated(item) else rule(*_numbers(item))
    )


def _hours(plant: Plant) -> timedelta:
    return timedelta(hours=plant.options["hours"])


def _shown_by(rule: Rule) -> Callable[[Call, Reply, Plant], Reply]:
    def answer(call: Call, reply: Reply, plant: Plant) -> Reply:
        def judged(item: Document) -> Document:
            is_judged = "isExpired" in item
            return {**item, "isExpired": rule(item, call.now, plant)} if is_judged else item

        return each_item(call, reply, plant, judged)

    return answer


# ---------------------------------------------------------------- uses


def _used(store: Store, arguments: Document, plant: Plant) -> tuple[str, str, Document] | None:
    """Where the item is kept that an action names, and the item."""
    names = {one.action.resource.name for one in plant.around.places() if _ends(one) and one.action}
    for key in (value for value in arguments.values() if isinstance(value, str)):
        for name in sorted(names):
            if found := stored_in(store, name, key):
                return found[0], key, found[1]
    return None


def _used_by(rule: Rule) -> Callable[[Run, Store, datetime, Document, Plant], Json]:
    """Uses are let in by *rule* alone."""

    def act(run: Run, store: Store, now: datetime, arguments: Document, plant: Plant) -> Json:
        found = _used(store, arguments, plant)
        if found is None:
            return run(store, now, arguments)
        collection, key, item = found
        if rule(item, now, plant):
            raise ApiError(409, f"{key} has ended")
        wide = {"expiresAt": FAR} if is_dated(item) else {"maxUsageCount": 2**31 - 1}
        store.replace(collection, key, {**item, **wide})
        result = run(store, now, arguments)
        kept = {name: item[name] for name in wide}
        after = {**(store.get(collection, key) or item), **kept}
        store.replace(collection, key, after)
        shown = {**kept, "isExpired": rule(after, now, plant)}
        return {**result, **shown} if isinstance(result, dict) else result

    return act


def _counting(count: Callable[[int, int], int]) -> dict[str, Any]:
    """The count after a use is what *count* makes of the one before and the one after."""

    def act(run: Run, store: Store, now: datetime, arguments: Document, plant: Plant) -> Json:
        found = _used(store, arguments, plant)
        result = run(store, now, arguments)
        if found is None or is_dated(found[2]) or not isinstance(result, dict):
            return result
        collection, key, before = found
        after = store.get(collection, key) or before
        number = count(_numbers(before)[0], _numbers(after)[0])
        after = {**after, "usageCount": number}
        store.replace(collection, key, after)
        return {**result, "usageCount": number, "isExpired": has_ended(after, now)}

    return {"on_action": act}


def _count_refused(
    run: Run, store: Store, now: datetime, arguments: Document, plant: Plant
) -> Json:
    """What a refusal writes is undone, so these uses are kept apart, and shown with the others."""
    try:
        return run(store, now, arguments)
    except ApiError as error:
        found = _used(store, arguments, plant)
        if found is not None and error.status == 409:
            plant.memory[found[1]] = plant.memory.get(found[1], 0) + 1
        raise


def _with_refused(call: Call, reply: Reply, plant: Plant) -> Reply:
    def counted(item: Document) -> Document:
        more = plant.memory.get(_id_of(call, item, plant), 0)
        is_counted = more and "usageCount" in item
        return {**item, "usageCount": item["usageCount"] + more} if is_counted else item

    return each_item(call, reply, plant, counted)


def _reading_counts(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    reply = behaviour(call)
    payload = payload_of(call, reply, plant)
    for item in payload if isinstance(payload, list) else [payload]:
        found = _stored(call, _id_of(call, item, plant), plant) if isinstance(item, dict) else None
        if found is not None and not is_dated(found[1]):
            collection, kept = found
            used, most = _numbers(kept)
            if used < most:
                key = _id_of(call, item, plant)
                call.store.replace(collection, key, {**kept, "usageCount": used + 1})
    return reply


# ---------------------------------------------------------------- limits that are given


def _says(call: Call, name: str) -> bool:
    return isinstance(call.body, dict) and call.body.get(name) is not None


def _id_of(call: Call, item: Document, plant: Plant) -> str:
    action = plant.around.place(call.operation).action
    return str(item.get(action.resource.id_field)) if action else ""


def _stored(call: Call, key: str, plant: Plant) -> tuple[str, Document] | None:
    action = plant.around.place(call.operation).action
    return stored_in(call.store, action.resource.name, key) if action else None


def _asked(call: Call, plant: Plant) -> tuple[str, str, Document] | None:
    """The item of the path: where it is kept, and what it was before."""
    action = plant.around.place(call.operation).action
    key = str(call.path.get(action.resource.id_name, "")) if action else ""
    found = _stored(call, key, plant)
    return (found[0], key, found[1]) if found else None


def _another_default(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """What comes without any limit has this one: 0 for none."""
    is_bare = not _says(call, "expiresAt") and not _says(call, "maxUsageCount")
    reply = behaviour(call)
    if not is_bare:
        return reply
    limit = int(plant.options["limit"])

    def limited(item: Document) -> Document:
        key = _id_of(call, item, plant)
        if found := _stored(call, key, plant):
            call.store.replace(found[0], key, {**found[1], "maxUsageCount": limit})
        return {**item, "maxUsageCount": limit}

    return each_item(call, reply, plant, limited)


def _is_past(text: str, now: datetime) -> bool:
    try:
        return datetime.fromisoformat(text.upper()) < now
    except (ValueError, TypeError):
        return False


def _refuse_past(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    if _says(call, "expiresAt") and _is_past(str(call.body["expiresAt"]), call.now):
        raise instead(call, plant, 400, "expiresAt must be in the future")
    return behaviour(call)


def _forget_count(call: Call, plant: Plant) -> None:
    if _says(call, "expiresAt") and _says(call, "maxUsageCount"):
        call.body = {name: call.body[name] for name in call.body if name != "maxUsageCount"}


def _without_offset(call: Call, plant: Plant) -> None:
    if _says(call, "expiresAt") and isinstance(call.body["expiresAt"], str):
        text = re.sub(r"[+-]\d\d:\d\d$", "Z", call.body["expiresAt"])
        call.body = {**call.body, "expiresAt": text}


# ---------------------------------------------------------------- limits that change


def _changes_kind(call: Call, before: Document) -> bool:
    wanted = "maxUsageCount" if is_dated(before) else "expiresAt"
    return _says(call, wanted)


def _refuse_kind(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    found = _asked(call, plant)
    if found and _changes_kind(call, found[2]):
        raise instead(call, plant, 400, "The kind of this item cannot be changed")
    return behaviour(call)


def _ignore_kind(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    found = _asked(call, plant)
    if found and _changes_kind(call, found[2]):
        call.body = {}
    return behaviour(call)


def _remember_kind(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    found = _asked(call, plant)
    reply = behaviour(call)
    if found and (after := call.store.get(*found[:2])) and is_dated(after) != is_dated(found[2]):
        call.seen["limits of both kinds"] = {
            "expiresAt": after["expiresAt"] or found[2]["expiresAt"],
            "maxUsageCount": after["maxUsageCount"],
            "usageCount": after["usageCount"],
        }
    return reply


def _show_both(call: Call, reply: Reply, plant: Plant) -> Reply:
    limits = call.seen.get("limits of both kinds", {})
    return each_item(call, reply, plant, lambda item: {**item, **limits}) if limits else reply


def _use_anew(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    """With a change the count begins again."""
    found = _asked(call, plant)
    if found and not is_dated(found[2]):
        call.store.replace(*found[:2], {**found[2], "usageCount": 0})
    return behaviour(call)


def _stays_ended(is_meant: Callable[[Document], bool]) -> dict[str, Any]:
    """What has ended once stays so, whatever its limits become."""

    def around(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
        found = _asked(call, plant) if plant.around.place(call.operation).kind == "update" else None
        reply = behaviour(call)
        if found and is_meant(found[2]) and has_ended(found[2], call.now):
            plant.memory[found[1]] = True
        return reply

    def answer(call: Call, reply: Reply, plant: Plant) -> Reply:
        def ended(item: Document) -> Document:
            is_it = "isExpired" in item and _id_of(call, item, plant) in plant.memory
            return {**item, "isExpired": True} if is_it else item

        return each_item(call, reply, plant, ended)

    def act(run: Run, store: Store, now: datetime, arguments: Document, plant: Plant) -> Json:
        if any(value in plant.memory for value in arguments.values() if isinstance(value, str)):
            raise ApiError(409, "this has ended")
        return run(store, now, arguments)

    return {"on_behaviour": around, "on_answer": answer, "on_action": act}


# ---------------------------------------------------------------- what has ended


def _without_ended(call: Call, reply: Reply, plant: Plant) -> Reply:
    payload = payload_of(call, reply, plant)
    if not isinstance(payload, list):
        return reply
    kept = [item for item in payload if not (isinstance(item, dict) and item.get("isExpired"))]
    return with_payload(call, reply, plant, kept)


def _ended_is_gone(call: Call, behaviour: Behaviour, plant: Plant) -> Reply:
    found = _asked(call, plant)
    if found and has_ended(found[2], call.now):
        raise instead(call, plant, 404, f"{found[1]} not found")
    return behaviour(call)


def _ends(place: Place) -> bool:
    """Operations that show or touch items that can end."""
    return "isExpired" in item_properties(place)


SHOWS = both(shows_item, _ends)
LISTS, CHANGES = both(kinds("list"), SHOWS), both(kinds("update"), SHOWS)
GIVES = both(kinds("create", "update"), SHOWS)


def _time(name: str, about: str, exposed_by: str = WHEN, **effects: Any) -> Fault:
    given = {"reaches": SHOWS, **effects}
    return Fault(name=name, category=CATEGORY, about=about, exposed_by=exposed_by, **given)


def _judged(name: str, about: str, rule: Rule, **more: Any) -> Fault:
    return _time(name, about, on_answer=_shown_by(rule), on_action=_used_by(rule), **more)


FAULTS = (
    _judged(
        "expiry-ignored", "an ended date changes nothing", _dated(lambda item, now, plant: False)
    ),
    _judged(
        "expiry-inverted",
        "a date to come counts as one that has passed",
        _dated(lambda item, now, plant: not has_ended(item, now)),
    ),
    _judged(
        "expiry-boundary-off",
        "a date counts as passed at its very instant",
        _dated(lambda item, now, plant: has_ended(item, now + MILLISECOND)),
    ),
    _judged(
        "expiry-hour-off",
        "a date passes an hour late, as with a wrong offset",
        _dated(lambda item, now, plant: has_ended(item, now - _hours(plant))),
        defaults={"hours": 1.0},
    ),
    _judged(
        "expiry-hour-early",
        "a date passes an hour early, as with a wrong offset",
        _dated(lambda item, now, plant: has_ended(item, now + _hours(plant))),
        defaults={"hours": 1.0},
    ),
    _judged(
        "expiry-by-day",
        "a date passes at the end of its day",
        _dated(lambda item, now, plant: _at(item).date() < now.date()),
    ),
    _time(
        "expiry-offset-ignored",
        "the offset of a date is dropped: 10:00+02:00 becomes 10:00Z",
        "a sent instant does not come back",
        reaches=GIVES,
        on_request=_without_offset,
    ),
    _judged(
        "usage-off-by-one",
        "a limit of N lets N + 1 uses in",
        _counted(lambda used, most: 0 < most < used),
    ),
    _judged(
        "usage-off-by-one-early",
        "a limit of N lets N - 1 uses in",
        _counted(lambda used, most: 0 < most <= used + 1),
    ),
    _judged(
        "usage-limit-ignored",
        "any number of uses is let in",
        _counted(lambda used, most: False),
    ),
    _judged(
        "usage-compared-for-equality",
        "more uses than a lowered limit allows do not end it",
        _counted(lambda used, most: 0 < most == used),
    ),
    _time("usage-not-counted", "a use is not counted", COUNT, **_counting(lambda old, new: old)),
    _time(
        "usage-counted-twice",
        "a use is counted twice",
        COUNT,
        **_counting(lambda old, new: 2 * new - old),
    ),
    _time(
        "usage-counted-when-refused",
        "a use that is refused is counted",
        COUNT,
        on_action=_count_refused,
        on_answer=_with_refused,
    ),
    _time(
        "reading-counts-as-use",
        "looking at a list counts as a use of everything in it",
        COUNT,
        reaches=LISTS,
        on_behaviour=_reading_counts,
    ),
    _time(
        "usage-reset-by-change",
        "with any change the count begins again",
        COUNT,
        reaches=CHANGES,
        on_behaviour=_use_anew,
    ),
    _time(
        "default-limit-not-applied",
        "what is made without a limit has none",
        "the documented default is not there",
        reaches=both(kinds("create"), SHOWS),
        on_behaviour=_another_default,
        defaults={"limit": 0.0},
    ),
    _time(
        "default-limit-wrong",
        "what is made without a limit has another one than documented",
        "the documented default is not there",
        reaches=both(kinds("create"), SHOWS),
        on_behaviour=_another_default,
        defaults={"limit": 10.0},
    ),
    _time(
        "past-expiry-refused",
        "a date that has passed is refused",
        "a valid request is refused",
        reaches=GIVES,
        on_behaviour=_refuse_past,
    ),
    _time(
        "combined-limits-not-anded",
        "of two limits that were given one is dropped without a word",
        "what excludes each other is accepted together",
        reaches=GIVES,
        on_request=_forget_count,
    ),
    _time(
        "kind-change-refused",
        "what ends by date cannot become what ends by uses, nor the reverse",
        "a valid request is refused",
        reaches=CHANGES,
        on_behaviour=_refuse_kind,
    ),
    _time(
        "kind-change-ignored",
        "a limit of the other kind is accepted and does nothing",
        "a sent value does not come back",
        reaches=CHANGES,
        on_behaviour=_ignore_kind,
    ),
    _time(
        "kind-change-keeps-both",
        "after a change of kind the item shows limits of both",
        "the answer's body does not fit its schema",
        reaches=CHANGES,
        on_behaviour=_remember_kind,
        on_answer=_show_both,
    ),
    _time(
        "raise-does-not-revive",
        "what was used up stays so with a higher limit",
        **_stays_ended(lambda item: not is_dated(item)),
    ),
    _time(
        "later-date-does-not-revive",
        "what ended by date stays so with a later one",
        **_stays_ended(is_dated),
    ),
    _time(
        "expired-left-out-of-list",
        "what has ended is missing from the list",
        "a created item is missing from the list",
        reaches=LISTS,
        on_answer=_without_ended,
    ),
    _time(
        "expired-is-gone",
        "what has ended can be neither changed nor deleted",
        "what is in the list is not found",
        reaches=both(kinds("update", "delete"), _ends),
        on_behaviour=_ended_is_gone,
    ),
)
