"""Versions that are not asked for, taken for each other, or out of step with the document."""

from collections.abc import Callable
from typing import Any

from mockserver.behaviours.faults import Fault, Place, Plant
from mockserver.behaviours.registry import Call
from mockserver.faults.items import each_item
from mockserver.faults.reaching import both, kinds, shows_item
from mockserver.faults.refusals import instead
from mockserver.faults.schemas import item_properties
from mockserver.model import Document, Json, Reply

CATEGORY = "Versions and evolution"
ADDRESS = "Url"
"""How the names of properties end that hold an address."""

Choose = Callable[[str, str, set[str]], str | None]
"""Takes the version that was sent (`` for none), the documented one, and those of all operations;
gives the one to go on with, None where nothing changes."""


def _documented(place: Place) -> tuple[str, str] | None:
    """The header that tells the version, and the version that the document wants there."""
    for one in place.operation.parameters:
        if one.where == "header" and "version" in one.name.lower():
            values = [one.schema.get("default"), *one.schema.get("enum", [])]
            values.append(one.schema.get("example"))
            wanted = next((value for value in values if value is not None), None)
            if wanted is not None:
                return one.name.lower(), str(wanted)
    return None


def _has_version(place: Place) -> bool:
    return _documented(place) is not None


def _all_versions(plant: Plant) -> set[str]:
    return {told[1] for place in plant.around.places() if (told := _documented(place))}


def _choosing(choose: Choose) -> Callable[[Call, Plant], None]:
    def begin(call: Call, plant: Plant) -> None:
        told = _documented(plant.around.place(call.operation))
        if told is None:
            return
        name, wanted = told
        chosen = choose(call.headers.get(name, ""), wanted, _all_versions(plant))
        if chosen is not None:
            call.headers = {**call.headers, name: chosen}

    return begin


def _another(sent: str, wanted: str, known: set[str]) -> str | None:
    """Without a version that of another release, where there is one."""
    return None if sent else next(iter(sorted(known - {wanted})), wanted)


def _unknown_too(sent: str, wanted: str, known: set[str]) -> str | None:
    return wanted if sent and sent not in known else None


def _of_others_too(sent: str, wanted: str, known: set[str]) -> str | None:
    return wanted if sent in known else None


def _refuse_documented(call: Call, plant: Plant) -> None:
    told = _documented(plant.around.place(call.operation))
    if told and call.headers.get(told[0]) == told[1]:
        raise instead(call, plant, 400, f"{told[0]} {told[1]} is not supported any more")


def _shorter(item: Document) -> Json:
    """Addresses without their last part."""
    return {
        name: value.rpartition("/")[0] if name.endswith(ADDRESS) and _is_long(value) else value
        for name, value in item.items()
    }


def _is_long(value: Json) -> bool:
    return isinstance(value, str) and value.count("/") > 3


def _older(call: Call, reply: Reply, plant: Plant) -> Reply:
    return each_item(call, reply, plant, _shorter)


def _has_address(place: Place) -> bool:
    return any(name.endswith(ADDRESS) for name in item_properties(place))


def _version(name: str, about: str, exposed_by: str, **effects: Any) -> Fault:
    given = {"reaches": _has_version, **effects}
    return Fault(name=name, category=CATEGORY, about=about, exposed_by=exposed_by, **given)


FAULTS = (
    _version(
        "version-header-ignored",
        "any version gives the same answer, and none as well",
        "a request without its required header is let in",
        on_request=_choosing(lambda sent, wanted, known: wanted),
    ),
    _version(
        "version-header-wrong-default",
        "without a version another release answers than the documented one",
        "a request without its required header is not refused",
        on_request=_choosing(_another),
    ),
    _version(
        "unknown-version-accepted",
        "a version that never was is taken for the documented one",
        "an unknown version is let in",
        on_request=_choosing(_unknown_too),
    ),
    _version(
        "version-of-others-accepted",
        "a version of other operations is taken for this one's",
        "another operation's version is let in",
        on_request=_choosing(_of_others_too),
    ),
    _version(
        "documented-version-refused",
        "the documented version is refused",
        "a valid request is refused",
        on_request=_refuse_documented,
    ),
    _version(
        "old-shape-under-new-version",
        "addresses lack their last part, as in an older version",
        "an address differs from the documented form",
        reaches=both(_has_version, shows_item, _has_address, kinds("create", "list", "update")),
        on_answer=_older,
    ),
)
