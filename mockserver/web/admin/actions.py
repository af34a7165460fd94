"""Things that happen in the simulated world without a request of its API."""

from collections.abc import Mapping
from functools import partial

from mockserver.errors import nearest
from mockserver.model import MISSING, Reply
from mockserver.web.admin.checks import Check
from mockserver.web.admin.door import Ask, Door, answer
from mockserver.web.admin.problems import Refusal
from mockserver.web.control import Control


def action_doors(control: Control) -> Mapping[str, Door]:
    return {
        "listActions": partial(list_actions, control),
        "runAction": partial(run_action, control),
    }


def list_actions(control: Control, ask: Ask) -> Reply:
    shown = [
        {"name": name, "about": action.about, "arguments": dict(action.arguments)}
        for name, action in control.actions.items()
    ]
    return answer({"actions": shown})


def run_action(control: Control, ask: Ask) -> Reply:
    """Run one action as one transaction; raises ApiError where the world refuses it."""
    name = ask.path["name"]
    action = control.actions.get(name)
    if action is None:
        meant = nearest(name, control.actions)
        hint = f"; did you mean {meant!r}?" if meant else ""
        raise Refusal(404, f"there is no action {name!r}{hint}")
    arguments = {} if ask.body is MISSING else ask.body
    if flaws := Check(action.arguments).flaws(arguments, "body"):
        raise Refusal(422, f"{flaws[0].location}: {flaws[0].message}", flaws)
    with control.store.transaction():
        result = action.run(control.store, control.clock.now(), arguments)
    return answer({"result": None if result is MISSING else result})
