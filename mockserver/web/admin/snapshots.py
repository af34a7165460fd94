"""Copies of the state, kept under names in the store, beside the state."""

from collections.abc import Mapping

import orjson

from mockserver.clock import iso_text
from mockserver.errors import SetupError, nearest
from mockserver.model import MISSING, Document, Reply
from mockserver.web.admin.door import Ask, Door, answer
from mockserver.web.admin.problems import Refusal
from mockserver.web.admin.state import document_counts
from mockserver.web.control import Control

MAX_SNAPSHOTS = 100
_LIST = "snapshots"


class Snapshots:
    """The doors to the snapshots of one store; every process of it has the same ones."""

    def __init__(self, control: Control, max_count: int = MAX_SNAPSHOTS) -> None:
        self._control = control
        self._max_count = max_count

    def doors(self) -> Mapping[str, Door]:
        return {
            "listSnapshots": self.list,
            "takeSnapshot": self.take,
            "takeNamedSnapshot": self.take_named,
            "deleteSnapshot": self.delete,
            "restoreSnapshot": self.restore,
        }

    def list(self, ask: Ask) -> Reply:
        return answer({"snapshots": [*self._by_name().values()]})

    def take(self, ask: Ask) -> Reply:
        """A new snapshot; a name that is taken is refused, no name gets the next number."""
        name = None if ask.body is MISSING else ask.body.get("name")
        with self._control.store.transaction():
            by_name = self._by_name()
            name = name or _next_name(by_name)
            if name in by_name:
                raise Refusal(409, f"there is a snapshot {name!r} already")
            return self._taken(name, by_name)

    def take_named(self, ask: Ask) -> Reply:
        """A snapshot under this name, in place of an older one."""
        with self._control.store.transaction():
            return self._taken(ask.path["name"], self._by_name())

    def delete(self, ask: Ask) -> Reply:
        store = self._control.store
        with store.transaction():
            by_name = self._by_name()
            snapshot = _named(ask.path["name"], by_name)
            del by_name[snapshot["name"]]
            store.keep(_LIST, orjson.dumps(by_name))
            store.keep(_place(snapshot["name"]), None)
        return answer(snapshot)

    def restore(self, ask: Ask) -> Reply:
        """The document may have changed since: what no longer fits it changes nothing."""
        store = self._control.store
        with store.transaction():
            snapshot = _named(ask.path["name"], self._by_name())
            name = snapshot["name"]
            try:
                kept = orjson.loads(store.kept(_place(name)) or b"{}")
                store.load(self._control.accepted_state(kept))
            except SetupError as error:
                detail = f"the snapshot {name!r} does not fit the document: {error}"
                raise Refusal(409, detail) from None
        return answer(snapshot)

    def _taken(self, name: str, by_name: dict[str, Document]) -> Reply:
        control = self._control
        is_new = name not in by_name
        if is_new and len(by_name) >= self._max_count:
            raise Refusal(409, f"there are {self._max_count} snapshots; delete one first")
        state = control.store.dump()
        content = orjson.dumps(state)
        snapshot = {
            "name": name,
            "at": iso_text(control.clock.now()),
            "bytes": len(content),
            "collections": document_counts(state),
        }
        by_name.pop(name, None)
        control.store.keep(_place(name), content)
        control.store.keep(_LIST, orjson.dumps({**by_name, name: snapshot}))
        if not is_new:
            return answer(snapshot)
        location = (("Location", f"/__admin/snapshots/{name}"),)
        return Reply(201, snapshot, location, is_own=True)

    def _by_name(self) -> dict[str, Document]:
        """What is told of each, oldest first."""
        listed: dict[str, Document] = orjson.loads(self._control.store.kept(_LIST) or b"{}")
        return listed


def _named(name: str, by_name: Mapping[str, Document]) -> Document:
    if name not in by_name:
        meant = nearest(name, by_name)
        hint = f"; did you mean {meant!r}?" if meant else ""
        raise Refusal(404, f"there is no snapshot {name!r}{hint}")
    return by_name[name]


def _place(name: str) -> str:
    return f"snapshot {name}"


def _next_name(by_name: Mapping[str, Document]) -> str:
    number = 1
    while f"snapshot-{number}" in by_name:
        number += 1
    return f"snapshot-{number}"
