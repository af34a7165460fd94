"""Where the mock departs from its document: the quirks that are on."""

from collections.abc import Iterable, Mapping
from functools import partial

from mockserver.errors import SetupError
from mockserver.model import Reply
from mockserver.web.admin.door import Ask, Door, answer
from mockserver.web.admin.problems import unusable
from mockserver.web.control import Control


def deviation_doors(control: Control) -> Mapping[str, Door]:
    """The doors; what is on now is what `resetDeviations` returns to."""
    at_start = control.quirks.active
    return {
        "getDeviations": partial(get_deviations, control),
        "setDeviations": partial(set_deviations, control),
        "changeDeviations": partial(change_deviations, control),
        "resetDeviations": partial(reset_deviations, control, at_start),
    }


def get_deviations(control: Control, ask: Ask) -> Reply:
    quirks = [
        {
            "name": quirk.name,
            "isOn": control.quirks.has(quirk.name),
            "inObserved": quirk.in_observed,
            "operations": list(quirk.operations),
            "documented": quirk.documented,
            "observed": quirk.observed,
            "evidence": quirk.evidence,
        }
        for quirk in control.quirk_table.by_name.values()
    ]
    return answer({"profile": control.profile, "quirks": quirks})


def set_deviations(control: Control, ask: Ask) -> Reply:
    _require_known(control, "quirks", ask.body["quirks"])
    control.set_quirks(ask.body["quirks"])
    return get_deviations(control, ask)


def change_deviations(control: Control, ask: Ask) -> Reply:
    on, off = ask.body.get("on", []), ask.body.get("off", [])
    _require_known(control, "on", on)
    _require_known(control, "off", off)
    if both := sorted(set(on) & set(off)):
        raise unusable("body/off", "contradiction", f"{both[0]!r} cannot be on and off")
    control.set_quirks((control.quirks.active | set(on)) - set(off))
    return get_deviations(control, ask)


def reset_deviations(control: Control, at_start: Iterable[str], ask: Ask) -> Reply:
    control.set_quirks(at_start)
    return get_deviations(control, ask)


def _require_known(control: Control, member: str, names: Iterable[str]) -> None:
    known = control.quirk_table.by_name
    for index, name in enumerate(names):
        if name not in known:
            place = f"/{member}/{index}"
            raise SetupError("there is no such quirk", place=place, value=name, known=known)
