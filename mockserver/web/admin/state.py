"""The state of the simulated world, as a whole."""

from collections.abc import Mapping
from functools import partial

from mockserver.model import Document, Reply
from mockserver.web.admin.door import Ask, Door, answer
from mockserver.web.control import Control


def state_doors(control: Control) -> Mapping[str, Door]:
    return {
        "reset": partial(reset, control),
        "getState": partial(get_state, control),
        "replaceState": partial(replace_state, control),
    }


def reset(control: Control, ask: Ask) -> Reply:
    control.reset()
    return answer({"collections": document_counts(control.store.dump())})


def get_state(control: Control, ask: Ask) -> Reply:
    return answer(control.store.dump())


def replace_state(control: Control, ask: Ask) -> Reply:
    """Completed and checked as a whole before anything is replaced; raises SetupError."""
    state = control.accepted_state(ask.body)
    control.store.load(state)
    return answer({"collections": document_counts(state)})


def document_counts(state: Document) -> dict[str, int]:
    """How many documents each collection of *state* has."""
    return {name: len(documents) for name, documents in state["collections"].items()}
