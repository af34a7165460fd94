"""Where the mock departs from its document: quirks that are on, and faults that are planted."""

from collections.abc import Iterable, Mapping
from functools import partial

from mockserver.behaviours.faults import FaultRow, PlantRow
from mockserver.errors import SetupError
from mockserver.model import Document, Reply
from mockserver.openapi.quirks import Quirk
from mockserver.web.admin.door import Ask, Door, answer
from mockserver.web.admin.problems import require_one_process, unusable
from mockserver.web.control import Control


def deviation_doors(control: Control) -> Mapping[str, Door]:
    """The doors; what is on now is what `resetDeviations` returns to."""
    quirks, faults = control.quirks.active, tuple(control.planted)
    return {
        "getDeviations": partial(get_deviations, control),
        "setDeviations": _in_one_process(control, partial(set_deviations, control)),
        "changeDeviations": _in_one_process(control, partial(change_deviations, control)),
        "resetDeviations": _in_one_process(
            control, partial(reset_deviations, control, quirks, faults)
        ),
    }


def _in_one_process(control: Control, door: Door) -> Door:
    def guarded(ask: Ask) -> Reply:
        require_one_process(control.process_count, "quirks and faults")
        return door(ask)

    return guarded


def get_deviations(control: Control, ask: Ask) -> Reply:
    quirks = [_quirk(control, quirk) for quirk in control.quirk_table.by_name.values()]
    faults = [_fault(row) for row in control.faults()]
    return answer({"profile": control.profile, "quirks": quirks, "faults": faults})


def set_deviations(control: Control, ask: Ask) -> Reply:
    """Turn on exactly these; a kind that is left out stays as it is."""
    quirks, faults = ask.body.get("quirks"), ask.body.get("faults")
    _require_known(control, "quirks", quirks or [], control.quirk_table.by_name)
    _require_known(control, "faults", faults or [], _faults(control))
    control.set_deviations(quirks=quirks, faults=faults)
    return get_deviations(control, ask)


def change_deviations(control: Control, ask: Ask) -> Reply:
    """Turn some on and some off; a fault that is on already is planted anew.

    Without any fault among them, those that are on go on as they were.
    """
    on, off = ask.body.get("on", []), ask.body.get("off", [])
    quirks, faults = control.quirk_table.by_name, _faults(control)
    _require_known(control, "on", on, [*quirks, *faults])
    _require_known(control, "off", off, [*quirks, *faults])
    if both := sorted({_name(text) for text in on} & {_name(text) for text in off}):
        raise unusable("body/off", "contradiction", f"{both[0]!r} cannot be on and off")
    changed = {_name(text) for text in (*on, *off)}
    kept = [text for text in control.planted if _name(text) not in changed]
    active = control.quirks.active - changed
    planted = [*kept, *(text for text in on if text not in quirks)]
    control.set_deviations(
        quirks=[*active, *(text for text in on if text in quirks)],
        faults=planted if changed & set(faults) else None,
    )
    return get_deviations(control, ask)


def reset_deviations(
    control: Control, quirks: Iterable[str], faults: Iterable[str], ask: Ask
) -> Reply:
    control.set_deviations(quirks=quirks, faults=faults)
    return get_deviations(control, ask)


def _quirk(control: Control, quirk: Quirk) -> Document:
    return {
        "name": quirk.name,
        "isOn": control.quirks.has(quirk.name),
        "inObserved": quirk.in_observed,
        "operations": list(quirk.operations),
        "documented": quirk.documented,
        "observed": quirk.observed,
        "evidence": quirk.evidence,
    }


def _fault(row: FaultRow) -> Document:
    return {
        "name": row.name,
        "category": row.category,
        "about": row.about,
        "exposedBy": row.exposed_by,
        "operations": list(row.operations),
        "parameters": dict(row.parameters),
        "isOn": bool(row.plants),
        "planted": [_plant(plant) for plant in row.plants],
    }


def _plant(plant: PlantRow) -> Document:
    return {
        "text": plant.text,
        "operations": list(plant.operations),
        "probability": plant.probability,
        "timesLeft": plant.times_left,
        "parameters": dict(plant.options),
    }


def _faults(control: Control) -> list[str]:
    return [row.name for row in control.faults()]


def _name(text: str) -> str:
    return text.partition(":")[0].strip()


def _require_known(
    control: Control, member: str, texts: Iterable[str], known: Iterable[str]
) -> None:
    known = list(known)
    for index, text in enumerate(texts):
        if _name(text) not in known:
            place = f"/{member}/{index}"
            reason = (
                "there is no such quirk" if member == "quirks" else "there is no such deviation"
            )
            raise SetupError(reason, place=place, value=text, known=known)
